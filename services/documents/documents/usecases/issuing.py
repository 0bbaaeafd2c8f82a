"""The decision, the number, and the issued letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from documents.deps import Deps
from documents.domain import words
from documents.domain.cases import SIGNABLE, Application, Introduction
from documents.domain.checks import new_token
from documents.domain.composing import approval_of, finish
from documents.domain.errors import CaseNotVerified, Incomplete, NoCertificate, NotDrafted, PreviewChanged
from documents.domain.letters import Letter
from documents.domain.numbers import (
    Series,
    date_of_number,
    letter_date,
    neighbourhood_series,
    office_series,
    write_number,
)
from documents.domain.signing import Certificate, check_initials, method_for
from documents.store import copies, letters, people, registers
from documents.usecases import ending, objects, office_texts, production
from documents.usecases.drafting import NotKnownYet, draft_again, office_of
from documents.usecases.signers import check_signer
from documents.usecases.telling import printed_url, tell_issued, tell_sent_back
from kit import jobs
from kit.db import Tx

ISSUE_JOB = "issue_letter"
VALID_DAYS = 30
BSRE = "Balai Besar Sertifikasi Elektronik (BSrE)"


@dataclass(frozen=True)
class Decision:
    """Who decided on which draft, and how the letter is to be signed; None is the office's usual way."""

    by: str
    preview_sha256: str
    method: str | None = None
    certificate: Certificate | None = None


def decide_issue(deps: Deps, tx: Tx, letter: Letter, application: Application | None, decision: Decision) -> None:
    """The lurah wants the draft that he read: the letter takes its number, date and code now, and its sheet in a job.
    Raises NotDrafted, PreviewChanged, SignerChanged, Incomplete, CaseNotVerified, Initials, MethodNotUsed,
    NoCertificate, BadNumberFormat."""
    check_draft(letter, decision.preview_sha256)
    if letter.incomplete:
        raise Incomplete(letter.incomplete)
    if application is None or application.status not in SIGNABLE:
        raise CaseNotVerified
    office = office_of(tx, letter.kelurahan)
    check_initials(office, letter)
    letter.method = method_for(office, decision.method)
    stand_behind(deps, letter, decision.certificate)
    at = deps.clock.now()
    check_signer(deps, tx, letter, office, letter_date(at, office["zone"]))
    letter.do("number")
    days = office_texts.validity_days(deps, tx, letter) or letter.valid_days or VALID_DAYS
    letter.valid_until = letter_date(at, office["zone"]) + timedelta(days=days)
    _take_number(tx, letter, office_series(office, letter.classification, letter.kind), at, office["zone"], decision.by)


def check_draft(letter: Letter, preview_sha256: str) -> None:
    """Raises NotDrafted, or PreviewChanged where this is not the draft that was read."""
    if letter.form or not letter.may("number"):
        raise NotDrafted
    if preview_sha256 != letter.preview_sha256:
        raise PreviewChanged


def stand_behind(deps: Deps, letter: Letter, certificate: Certificate | None) -> None:
    """Which certificate the sheet will speak of: it says so in print. Raises NoCertificate."""
    if letter.method == "certificate":
        if certificate is None:
            raise NoCertificate
        letter.certified, letter.certificate_issuer = certificate.certified, certificate.issuer
    elif letter.method == "bsre":
        letter.certified, letter.certificate_issuer = bool(deps.settings.psre_roots), BSRE
    else:
        letter.certified = letter.certificate_issuer = None


def prepare_sheet(tx: Tx, letter: Letter) -> None:
    """The numbered sheet is rendered in a job, again where it was rendered before; what `letter` says is saved."""
    letter.prepared_key = letter.prepared_sha256 = None
    letters.save(tx, letter)
    jobs.add(tx, ISSUE_JOB, letter.kelurahan, {"letter_id": str(letter.id)})


def send_back(deps: Deps, tx: Tx, letter: Letter, reason: str, by: str) -> None:
    """The lurah wants something changed first. Raises NotDrafted."""
    if letter.form:
        raise NotDrafted
    letter.do("send_back")
    letter.sent_back_reason, letter.sent_back_by = reason, by
    letters.save(tx, letter)
    tell_sent_back(deps, tx, letter)


def grant(deps: Deps, tx: Tx, letter: Letter, introduction: Introduction) -> None:
    """The RT head's letter takes its number; letters of the case that wait for the lurah can name it now."""
    if introduction.granted_at is None:
        raise NotKnownYet("the introduction is not granted")
    office = office_of(tx, letter.kelurahan)
    letter.do("grant")
    letter.method = "approval"
    letter.valid_until = introduction.valid_until
    series = neighbourhood_series(office, letter.rw, letter.rt)
    at, zone = introduction.granted_at, office["zone"]
    dated = date_of_number(at, deps.clock.now(), zone)
    _take_number(tx, letter, series, at, zone, str(introduction.officeholder_id), dated)


def name_introduction(tx: Tx, application: Application) -> None:
    """The case's introduction has a number now: drafts drawn up without it are drawn up again."""
    for letter in letters.of_case(tx, application.id):
        if not letter.form and letter.status in ("drafting", "drafted"):
            draft_again(tx, letter)


def _take_number(tx: Tx, letter: Letter, series: Series, at: datetime, zone: str, by: str,
                 dated: date | None = None) -> None:  # fmt: skip
    dated = dated or letter_date(at, zone)
    n = registers.take(tx, letter.kelurahan, series.name, dated.year)
    letter.number = write_number(series, n, dated)
    letter.dated, letter.decided_at, letter.decided_by = dated, at, by
    letter.token = new_token()
    letters.save(tx, letter)
    registers.add_line(tx, letter.kelurahan, series.name, dated.year, n, letter.number, letter.kind, dated, letter.id)
    jobs.add(tx, ISSUE_JOB, letter.kelurahan, {"letter_id": str(letter.id)}, key=str(letter.id))


def final_data(deps: Deps, tx: Tx, letter: Letter) -> dict[str, Any]:
    """What is printed on a numbered letter: the same whenever it is asked."""
    zone = office_of(tx, letter.kelurahan)["zone"]
    if letter.person_id is None or letter.number is None or letter.dated is None or letter.decided_at is None:
        raise ValueError("only a numbered letter has final data")
    frozen = people.read(tx, deps.data_keys, letter.person_id)
    return finish(
        frozen,
        number=letter.number,
        dated=letter.dated,
        valid_until=letter.valid_until,
        check_url=printed_url(deps, letter),
        approval=approval_of(frozen, words.long_time(letter.decided_at, zone)),
        signature={
            "method": letter.method or "approval",
            "certified": bool(letter.certified),
            "issuer": letter.certificate_issuer or "",
        },
    )


def keep_sheet(tx: Tx, rendered: Letter, stored: objects.Stored, template: str) -> None:
    """The sheet to be signed is there; one that was voided meanwhile needs none, and one that is to speak of another
    certificate by now gets it from another job. `rendered` is the letter as the sheet has it."""
    letter = letters.get(tx, rendered.id, lock=True)
    if letter is None or letter.status != "numbered" or letter.prepared_key or not letter.speaks_as(rendered):
        if letter is None or letter.prepared_key != stored.key:
            objects.remove_later(tx, tx.tenant, stored.key)
        return
    letter.prepared_key, letter.prepared_sha256, letter.template = stored.key, stored.sha256, template
    letters.save(tx, letter)


def issue(deps: Deps, tx: Tx, letter_id: UUID, stored: objects.Stored, template: str, sheet: str | None = None) -> bool:
    """The bytes are stored: the letter is issued, unless it was voided or issued meanwhile, or prepared anew since
    `sheet`, whose signed bytes these are. Whether it was issued by these."""
    found = letters.get(tx, letter_id)
    application = lock_case(deps, tx, found)
    letter = letters.get(tx, letter_id, lock=True)
    if letter is None or not letter.may("issue") or (sheet is not None and letter.prepared_key != sheet):
        if letter is None or letter.key != stored.key:
            objects.remove_later(tx, tx.tenant, stored.key)
        return False
    letter.do("issue")
    objects.keep(letter, stored)
    objects.remove_later(tx, letter.kelurahan, letter.preview_key)
    objects.remove_later(tx, letter.kelurahan, letter.prepared_key)
    letter.preview_key = letter.prepared_key = letter.problem = letter.signing_since = None
    letter.template = template
    letter.issued_at = deps.clock.now()
    if letter.introduces and application is not None:
        letter.application_id, letter.owner = application.id, application.owner
    letters.save(tx, letter)
    tell_issued(deps, tx, letter, _about(deps, tx, letter, application))
    if application is not None and not letter.introduces:
        production.finish_if_complete(deps, tx, application)
    return True


def give_up(deps: Deps, tx: Tx, letter_id: UUID) -> None:
    """The letter cannot be made: its number stays, visibly void, and a new draft is begun."""
    found = letters.get(tx, letter_id)
    application = lock_case(deps, tx, found)
    letter = letters.get(tx, letter_id, lock=True)
    if letter is not None and letter.status == "numbered":
        ending.void(deps, tx, letter, application, "system", "cannot_be_made")


def lock_case(deps: Deps, tx: Tx, letter: Letter | None) -> Application | None:
    """The case of a letter, locked before the letter is."""
    if letter is None:
        return None
    case_id = letter.application_id
    if case_id is None and letter.introduction_id is not None:
        case_id = copies.application_of_introduction(tx, letter.introduction_id)
    return None if case_id is None else copies.application(tx, deps.data_keys, case_id, lock=True)


def _about(deps: Deps, tx: Tx, letter: Letter, application: Application | None) -> dict[str, Any]:
    """Whom the letter is about and how to reach him."""
    name = people.read(tx, deps.data_keys, letter.person_id)["person"]["name"] if letter.person_id else ""
    contact = application.contact if application is not None else {}
    if not contact and letter.introduction_id is not None:
        introduction = copies.introduction(tx, deps.data_keys, letter.introduction_id)
        contact = dict((introduction and introduction.person.get("contact")) or {})
    return {"name": name, "contact": contact}
