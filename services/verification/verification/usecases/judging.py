"""An RT head says of each document what it is, and names the neighbours whom the service wants asked: over as many
messages as it takes, and decided at once when all is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts import written
from kit.problems import Problem
from verification.domain import originals, replies, sentences, talks
from verification.domain.decisions import VERDICT_NAMES
from verification.domain.statements import side_name
from verification.domain.tasks import BRING_ORIGINAL, DOUBTFUL, GENUINE, TaskFile, unanswered, wanted_originals
from verification.store import copies
from verification.store import tasks as store
from verification.usecases import deciding, witnesses
from verification.usecases.reasons import RIGHT, WRONG, read_back, reason_of
from verification.usecases.taking import applicant, confirm, on_record, take
from verification.usecases.turns import Access, Turn
from verification.usecases.writing import document_names, options

_NOBODY = re.compile(
    r"(?:(?:tidak|tdk|gak|nggak|ga) ada(?: (?:tetangga|rumah|orang)(?:nya)?)?|nihil|kosong"
    r"|(?:rumah|tanah|lahan)(?:nya)? kosong|(?:tanah|lahan) kosong|jalan|sungai|sawah|kebun)(?: pak| bu)?"
)
_NO_PHONE = re.compile(
    r"\b(?:(?:tidak|tdk|gak|ga|nggak|dak|ndak|tak|belum) (?:ada|punya|pakai|pegang)|tanpa)"
    r"(?: (?:no|nomor|hp|wa|telepon|ponsel|hape))*(?:nya)?(?: (?:pak|bu))?$"
)
_NO_PHONE_AS_WRITTEN = re.compile(
    r"[\s,;.(-]*\b(?:(?:tidak|tdk|gak|ga|nggak|dak|ndak|tak|belum)\s+(?:ada|punya|pakai|pegang)|tanpa)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_NO_NAME = frozenset(
    written.words(
        "sebentar bentar tunggu nanti dulu besok saya kami kapan apa siapa kenapa bagaimana maaf belum lupa tahu tau"
        " entah batal tugas bantuan menu halo semua asli terima kasih setuju tolak"
    )
)
"""What is said instead of a neighbour's name."""
_MOST_NAME, _MOST_WORDS = 120, 6


def judge(turn: Turn, access: Access, verdict: str, words: str = "") -> None:
    """His word on the documents: all are genuine, or some are not; which ones is asked where he did not say it."""
    files = unanswered(store.files(turn.tx, access.task.id))
    if verdict == GENUINE:
        _judged(turn, access, files, verdict, [], None)
        return
    named = document_names(turn.tx, access.task, files)
    places = [0] if len(files) == 1 else replies.documents(words, named) if words else None
    if places is None:
        titles = {str(number): name for number, (_, name) in enumerate(named, 1)}
        template = "head_which_doubtful" if verdict == DOUBTFUL else "head_which_original"
        turn.ask(
            talks.DOCUMENTS, template, applicant(turn, access), access=access,
            choices=options(access.task.id, titles), verdict=verdict,
        )  # fmt: skip
        return
    _chosen(turn, access, verdict, places, replies.besides(words, [name for _, name in named]))


def documents_given(turn: Turn, access: Access, text: str) -> None:
    """Which documents he means."""
    files = unanswered(store.files(turn.tx, access.task.id))
    named = document_names(turn.tx, access.task, files)
    places = replies.documents(text, named)
    if places is None:
        turn.not_understood()
        return
    words = "" if written.numbers(text, len(named)) else replies.besides(text, [name for _, name in named])
    _chosen(turn, access, turn.talk.said["verdict"], places, words)


def _chosen(turn: Turn, access: Access, verdict: str, places: Sequence[int], words: str) -> None:
    files = unanswered(store.files(turn.tx, access.task.id))
    ids = [str(files[place].file_id) for place in places]
    if verdict == DOUBTFUL and not words:
        turn.ask(talks.DOUBT, "head_why_doubtful", access=access, files=ids)
        return
    if verdict == DOUBTFUL:
        _read_back(turn, access, ids, words)
        return
    _judged(turn, access, files, verdict, ids, words or None)


def doubt_given(turn: Turn, access: Access, text: str) -> None:
    """Why they are doubtful."""
    words = reason_of(turn, access, text)
    if words is not None:
        _read_back(turn, access, turn.talk.said["files"], words)


def _read_back(turn: Turn, access: Access, ids: Sequence[str], words: str) -> None:
    files = unanswered(store.files(turn.tx, access.task.id))
    named = document_names(turn.tx, access.task, files)
    doubtful = [name for file, (_, name) in zip(files, named, strict=True) if str(file.file_id) in ids]
    read_back(turn, access, DOUBTFUL, words, documents=", ".join(doubtful), files=list(ids))


def doubt(turn: Turn, access: Access, ids: Sequence[str], words: str) -> None:
    """He has said which ones are doubtful and why, and that it is right."""
    _judged(turn, access, unanswered(store.files(turn.tx, access.task.id)), DOUBTFUL, ids, words)


def _judged(
    turn: Turn, access: Access, files: Sequence[TaskFile], verdict: str, chosen: Sequence[str], note: str | None
) -> None:
    """Every document that was not named is genuine."""
    verdicts = [
        {"file_id": str(file.file_id), "verdict": verdict, "note": note}
        if str(file.file_id) in chosen else {"file_id": str(file.file_id), "verdict": GENUINE}
        for file in files
    ]  # fmt: skip
    if asks_for_side(turn, access, verdicts, []):
        return
    send_verdicts(turn, access, verdicts, [])


def send_verdicts(
    turn: Turn, access: Access, verdicts: Sequence[Mapping[str, Any]], named: Sequence[Mapping[str, Any]]
) -> None:
    """All that an attestation wants is said."""
    sent: dict[str, Any] = {"verdicts": [dict(one) | {"file_id": UUID(one["file_id"])} for one in verdicts]}
    if named:
        sent["witnesses"] = [dict(one) for one in named]
    task = take(turn, access, sent)
    if task is None:
        return
    files = store.files(turn.tx, task.id)
    names = [name for _, name in document_names(turn.tx, task, files)]
    straight = all(one["verdict"] == GENUINE for one in verdicts) and not named
    visited = ", ".join(str(one["name"]) for one in named if one.get("name") and not one.get("phone"))
    lines = [f"- {name}: {VERDICT_NAMES[file.verdict or GENUINE].id}" for name, file in zip(names, files, strict=True)]
    originals = ", ".join(name for name, file in zip(names, files, strict=True) if file.verdict == BRING_ORIGINAL)
    said = {"verdicts": lines, "originals": originals, "visited": visited}
    confirm(turn, access, "head_judged", said, straight=straight)


def asks_for_side(
    turn: Turn, access: Access, verdicts: Sequence[Mapping[str, Any]], named: Sequence[Mapping[str, Any]]
) -> bool:
    """Asks for the next side of which nothing was said yet; False where none is left."""
    task = access.task
    said = {one["position"] for one in named}
    left = [side for side in witnesses.positions_left(turn.tx, task) if side not in said]
    if not left:
        return False
    wanted = copies.witnesses_wanted(turn.tx, task.kelurahan, task.service, task.sop_version)
    turn.ask(
        talks.NEIGHBOUR, "head_neighbour", {"side": side_name(wanted, left[0], "id") or left[0]}, access=access,
        verdicts=list(verdicts), named=list(named), side=left[0],
    )  # fmt: skip
    return True


def neighbour_given(turn: Turn, access: Access, text: str) -> None:
    """Name and number of a neighbour, or that nobody lives there. Where he gives no number it is asked for once: who
    has no phone is visited by an officer."""
    said = turn.talk.said
    one = _with_number(text, said["side"], said["name"]) if said.get("name") else _neighbour(text, said["side"])
    if one is None:
        turn.not_understood()
    elif one.get("name") and "phone" not in one:
        turn.ask(
            talks.NEIGHBOUR, "head_neighbour_phone", {"neighbour": one["name"]}, access=access,
            verdicts=said["verdicts"], named=said["named"], side=said["side"], name=one["name"],
        )  # fmt: skip
    else:
        named = [*said["named"], one]
        if not asks_for_side(turn, access, said["verdicts"], named):
            send_verdicts(turn, access, said["verdicts"], named)


def _neighbour(text: str, side: str) -> dict[str, Any] | None:
    """What he says of a side; without `phone` where he said nothing of it."""
    if sentences.is_question(text):
        return None
    plain = written.plain(text)
    if _NOBODY.fullmatch(plain):
        return {"position": side, "absent": True}
    found = written.phone_at(text)
    if found is not None:
        phone, begins, ends = found
        name = replies.name(f"{text[:begins]} {text[ends:]}")[:_MOST_NAME]
        return {"position": side, "name": name, "phone": phone} if name else None
    if any(sign.isdigit() for sign in plain) or written.yes_or_no(text) is not None:
        return None
    without = _NO_PHONE.search(plain)
    name = replies.name(_NO_PHONE_AS_WRITTEN.sub("", text) if without else text)[:_MOST_NAME]
    if not name or not _NO_NAME.isdisjoint(written.words(name)) or len(name.split()) > _MOST_WORDS:
        return None
    return {"position": side, "name": name} | ({"phone": None} if without else {})


def _with_number(text: str, side: str, name: str) -> dict[str, Any] | None:
    """The number of somebody who was named before, or that he has none."""
    if (phone := written.phone(text)) is not None:
        return {"position": side, "name": name, "phone": phone}
    without = _NO_PHONE.search(written.plain(text)) or written.yes_or_no(text) is False
    return {"position": side, "name": name, "phone": None} if without else None


def see_originals(turn: Turn, access: Access, wanted: Sequence[TaskFile]) -> None:
    """He was shown the originals that he asked for."""
    try:
        with turn.tx.attempt():
            ids = [file.file_id for file in wanted]
            task = deciding.show_originals_by_link(turn.deps, turn.tx, access.link, ids)
    except Problem as problem:
        turn.refused(problem, access)
        return
    on_record(turn, access, task, "originals")
    names = ", ".join(name for _, name in document_names(turn.tx, task, wanted))
    turn.say("head_originals_seen", applicant(turn, access) | {"documents": names}, access=access)


def ask_seen(turn: Turn, access: Access, wanted: Sequence[TaskFile]) -> None:
    """Whether originals were seen, where his words leave it open."""
    names = ", ".join(name for _, name in document_names(turn.tx, access.task, wanted))
    turn.ask(
        talks.SEEN, "head_originals_check", applicant(turn, access) | {"documents": names}, access=access,
        choices=options(access.task.id, {RIGHT: "Sudah, asli", WRONG: "Belum"}),
    )  # fmt: skip


def seen_given(turn: Turn, access: Access, text: str) -> None:
    """He says by a digit whether he has seen them."""
    wanted = wanted_originals(access.task, store.files(turn.tx, access.task.id))
    number = None if sentences.is_question(text) else written.number(text, 2)
    if text == RIGHT or number == 1 or originals.says_seen(text):
        turn.end()
        see_originals(turn, access, wanted)
    elif text == WRONG or number == 2 or written.yes_or_no(text) is False:
        turn.end()
        turn.say("head_stopped")
    else:
        turn.not_understood()
