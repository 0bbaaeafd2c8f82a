"""`/documents/tanda-tangan`: what waits for a signature, many signed at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from documents.api.common import deps
from documents.domain.errors import PassphraseNeeded, PassphraseWrong
from documents.domain.letters import SIGNERS, Letter
from documents.domain.signing import SECRET, methods_of
from documents.pages.common import beside, filled_in, shown, with_names
from documents.schemas.signatures import LettersNamed, SignRequest
from documents.usecases import certificates, listing, reading, signing
from documents.usecases.drafting import office_of
from documents.usecases.listing import Entry
from documents.usecases.signing import Order, Outcome
from kit import audit
from kit.answers import asked_once
from kit.auth import caller
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import PageQuery
from kit.problems import Conflict, Problem, Words

signing_pages = Blueprint("signing-pages", __name__, url_prefix="/documents/tanda-tangan")

_LETTER = "surat-"
"""What the names of letters' boxes begin with."""


class NotAllSigned(Conflict):
    """Some letters are signed, and some are not: each says why."""

    slug = "not-all-signed"
    title = Words("Belum semua surat ditandatangani", "Not all letters are signed")

    def __init__(self, refused: dict[UUID, Problem], of: int) -> None:
        done = of - len(refused)
        said = Words(
            f"{done} dari {of} surat berhasil. Yang lain belum, dengan sebab di bawah ini; surat itu tetap menunggu.",
            f"{done} of {of} letters went well. The others did not, for the reasons below; they keep waiting.",
        )
        super().__init__(said, errors={"json": {f"{_LETTER}{id_}": [_why(one)] for id_, one in refused.items()}})


class NotItsTurn(Conflict):
    """The time that a request has was over before this letter's turn."""

    slug = "not-its-turn"
    title = Words("Belum ditandatangani", "Not signed yet")
    detail = Words(
        "Waktunya habis sebelum giliran surat ini. Tanda tangani sekali lagi.",
        "Time was up before it was this letter's turn. Please sign once more.",
    )


def _refused(outcomes: list[Outcome]) -> dict[UUID, Problem]:
    """By letter, why it is not signed."""
    told = {one.letter.id: one.problem or (None if _goes_on(one.letter) else NotItsTurn()) for one in outcomes}
    return {letter_id: problem for letter_id, problem in told.items() if problem is not None}


def _goes_on(letter: Letter) -> bool:
    """Whether nobody has to sign any more on this page: it is issued, or a worker or a pen finishes it."""
    return letter.status == "issued" or (letter.status == "numbered" and letter.method not in SECRET)


def _why(problem: Problem) -> Words:
    title, detail = problem.title, problem.detail
    return Words(f"{title.id}. {detail.id}", f"{title.en}. {detail.en}")


@signing_pages.get("")
@allow(*SIGNERS)
@audit.shows("letter", purpose="list")
def show_waiting(filled: Filled = NOTHING) -> Response:
    """What waits for the caller, each with its draft; what was ticked and not signed stays ticked."""
    began = request.values.get("lanjut", "")
    query = forms.load(PageQuery(), {"cursor": began} if began else {})
    found = listing.to_sign(deps(), caller(), query)
    with deps().db.transaction(caller().tenant) as tx:
        methods = methods_of(office_of(tx, caller().tenant))
    entries = with_names(found["items"])
    ways = {*methods, *(letter.method for letter in found["items"] if letter.method)}
    return shown(
        "signing.html", entries=entries, began=began, further=found["next_cursor"], methods=methods,
        secret=bool(ways & SECRET), nik="bsre" in ways, all="semua" in request.args, filled=filled,
        certificate=certificates.of_caller(deps(), caller()) if "certificate" in ways else None,
        certificate_used="certificate" in ways, named=_named(filled, entries),
    )  # fmt: skip


def _named(filled: Filled, entries: list[Entry]) -> dict[str, str]:
    """What the letters are called that something is wrong with; also those that wait no more on this page, such as one
    that is drawn up again."""
    here = {one.letter.id for one in entries}
    told = [UUID(name.removeprefix(_LETTER)) for name in filled.errors if name.startswith(_LETTER)]
    gone = [reading.letter_for(deps(), caller(), letter_id) for letter_id in told if letter_id not in here]
    return {f"{_LETTER}{one.letter.id}": f"{one.title}, {one.name}" for one in [*entries, *with_names(gone)]}


@signing_pages.post("")
@allow(*SIGNERS)
@audit.by_each
@audit.shows_nobody("sends on to what is shown")
@forms.keeps(show_waiting)
def sign() -> Response:
    """Decides on the drafts that are ticked, and signs them. Sent again, what is signed stays as it is; a second tap
    waits for the first."""
    typed = forms.typed()
    body = forms.load(SignRequest(), _asked(typed.getlist("surat"), filled_in(typed, "method", "passphrase", "nik")))
    orders = [Order(**order) for order in body["letters"]]
    secret = signing.Secret(body["passphrase"], body["nik"])
    with beside("passphrase", PassphraseNeeded, PassphraseWrong):
        outcomes = signing.sign_form(deps(), caller(), asked_once(), orders, body["method"], secret)
    if refused := _refused(outcomes):
        raise NotAllSigned(refused, len(outcomes))
    query = urlencode([("surat", one.letter.id) for one in outcomes])
    return forms.done(f"/documents/tanda-tangan/hasil?{query}")


def _asked(ticked: list[str], given: dict[str, str]) -> dict[str, Any]:
    """What was ticked and typed, as the API takes it: a box names a letter, and of a draft the hash that was read."""
    letters = []
    for one in ticked:
        letter, _, read = one.partition(".")
        letters.append({"letter_id": letter} | ({"preview_sha256": read} if read else {}))
    return given | ({"letters": letters} if letters else {})


@signing_pages.get("/hasil")
@allow(*SIGNERS)
@audit.shows("letter", purpose="list")
def show_signed() -> Response:
    """What became of the letters that were signed at once."""
    named = forms.load(LettersNamed(), {"letters": request.args.getlist("surat")})["letters"]
    letters = [reading.letter_for(deps(), caller(), letter_id) for letter_id in named]
    return shown("signed.html", entries=with_names(letters))
