"""What a caller may see and decide on. What is not his is not found, and the attempt is on record."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from contracts.reach import reach_of
from contracts.sandbox import is_sandbox
from documents.deps import Deps
from documents.domain import checks
from documents.domain.cases import Application
from documents.domain.errors import CheckUnknown, LetterVoid, NotDrafted, NotIssued, NotPrepared, NotToBeSigned
from documents.domain.handovers import Handover
from documents.domain.letters import Letter
from documents.domain.numbers import letter_date
from documents.store import copies, handovers, letters, people
from documents.usecases.issuing import lock_case
from documents.usecases.telling import printed_url
from kit.access import refuse
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.objects import StoredObject
from kit.problems import NotFound

STAFF = ("officer", "lurah", "signer")
ARCHIVE = "letters.read"
"""The scope of a machine that keeps letters."""


def sees(who: Caller, letter: Letter) -> bool:
    """Whether the letter is the caller's to read: his office's, his own, or of the RT that he heads; of an archive's
    offices every letter that has a number."""
    if who.has(ARCHIVE):
        return letter.number is not None and reach_of(who).covers(letter.kelurahan)
    if letter.kelurahan != who.tenant:
        return False
    if who.has(*STAFF) or letter.owner == who.subject:
        return True
    return (
        who.has("rt_head")
        and letter.introduces
        and (letter.rw, letter.rt) == (who.claims.get("rw"), who.claims.get("rt"))
    )


def letter_for(deps: Deps, who: Caller, letter_id: UUID, office: str | None = None) -> Letter:
    """The letter, in a transaction of its own, so that a refusal is recorded after it. `office`: whose it is, where an
    archive of several asks. Raises NotFound."""
    place = office if office and reach_of(who).covers(office) else who.tenant
    with deps.db.transaction(place) as tx:
        letter = letters.get(tx, letter_id)
    if letter is None or not sees(who, letter):
        raise refuse(deps.db, who, "letters", letter_id)
    return letter


def lock_letter(deps: Deps, tx: Tx, letter_id: UUID) -> tuple[Letter, Application | None]:
    """A letter that the caller sees and its case, both locked. Raises NotFound."""
    case = lock_case(deps, tx, letters.get(tx, letter_id))
    letter = letters.get(tx, letter_id, lock=True)
    if letter is None:
        raise NotFound
    return letter, case


def check_case(deps: Deps, who: Caller, application_id: UUID | None) -> None:
    """Callers who are not of the office see their own case only. Raises NotFound."""
    if who.has(*STAFF):
        return
    if application_id is not None:
        with deps.db.transaction(who.tenant) as tx:
            found = copies.application(tx, deps.data_keys, application_id)
            owner = found.owner if found else letters.owner_of(tx, application_id)
    if application_id is None or owner != who.subject:
        raise refuse(deps.db, who, "letters of a case", application_id)


def check_case_of_office(deps: Deps, who: Caller, application_id: UUID) -> None:
    """Whether the office has the case. Raises NotFound."""
    with deps.db.transaction(who.tenant) as tx:
        found = copies.application(tx, deps.data_keys, application_id)
    if found is None:
        raise refuse(deps.db, who, "cases", application_id)


def check_handover(deps: Deps, who: Caller, handover_id: UUID) -> None:
    """Whether the office has it, and it is his case where he is not of the office. Raises NotFound."""
    with deps.db.transaction(who.tenant) as tx:
        found = handovers.get(tx, deps.data_keys, handover_id)
        case = found and copies.application(tx, deps.data_keys, found.application_id)
    if not found or not case or not (who.has(*STAFF) or case.owner == who.subject):
        raise refuse(deps.db, who, "handovers", handover_id)


def handover(deps: Deps, tx: Tx, handover_id: UUID) -> tuple[Handover, Application]:
    """A hand-over and its case, to be looked at. Raises NotFound."""
    found = handovers.get(tx, deps.data_keys, handover_id)
    case = found and copies.application(tx, deps.data_keys, found.application_id)
    if found is None or not case:
        raise NotFound
    return found, case


def lock_handover(deps: Deps, tx: Tx, handover_id: UUID) -> tuple[Handover, Application]:
    """A hand-over that the caller's office has and its case, which is locked first. Raises NotFound."""
    found, _ = handover(deps, tx, handover_id)
    case = copies.application(tx, deps.data_keys, found.application_id, lock=True)
    locked = handovers.get(tx, deps.data_keys, handover_id, lock=True)
    if locked is None or case is None:
        raise NotFound
    return locked, case


def open_preview(deps: Deps, letter: Letter) -> StoredObject:
    """The draft's PDF. Raises NotDrafted, ObjectMissing, StoreUnavailable."""
    if letter.preview_key is None or letter.status not in ("drafted", "sent_back"):
        raise NotDrafted
    return deps.objects.get(deps.settings.s3_bucket, letter.preview_key)


def open_sheet(deps: Deps, letter: Letter) -> StoredObject:
    """The numbered sheet to be printed and signed by hand. Raises NotToBeSigned, NotPrepared, ObjectMissing,
    StoreUnavailable."""
    if letter.status != "numbered" or letter.method != "by_hand":
        raise NotToBeSigned
    if letter.prepared_key is None:
        raise NotPrepared
    return deps.objects.get(deps.settings.s3_bucket, letter.prepared_key)


def open_content(deps: Deps, who: Caller, letter: Letter) -> StoredObject:
    """The issued PDF; a void one for the office and archives only. Raises NotIssued, LetterVoid, ObjectMissing,
    StoreUnavailable."""
    if letter.status == "void" and not who.has(*STAFF, ARCHIVE):
        raise LetterVoid
    if letter.issued_at is None or letter.bucket is None or letter.key is None:
        raise NotIssued
    return deps.objects.get(letter.bucket, letter.key)


def check(deps: Deps, typed: str) -> dict[str, Any]:
    """What anyone is told about the letter with this code. Raises CheckUnknown, whatever is wrong with the code."""
    token = checks.read_token(typed)
    if token is None:
        raise CheckUnknown
    # Whose letter it is, only the code says.
    with deps.db.transaction(EVERY_TENANT) as tx:
        letter = letters.by_token(tx, token)
        if letter is None or letter.person_id is None:
            raise CheckUnknown
        frozen = people.read(tx, deps.data_keys, letter.person_id)
        office = copies.office(tx, letter.kelurahan) or {}
        successor = letters.successor(tx, letter.id) if letter.status == "void" else None
    today = letter_date(deps.clock.now(), office.get("zone", "Asia/Jakarta"))
    result, statement = _result(letter, successor, today)
    leads_on = successor and {"number": successor.number, "check_url": printed_url(deps, successor)}
    return {"result": result, "statement": statement, "replaced_by": leads_on} | _told(letter, frozen)


def _result(letter: Letter, successor: Letter | None, today: date) -> tuple[str, str]:
    if is_sandbox(letter.kelurahan):
        return "trial", checks.TRIAL
    if letter.status == "void":
        return ("replaced", checks.REPLACED) if successor else ("void", checks.VOID)
    if letter.valid_until is not None and today > letter.valid_until:
        return "expired", checks.LAPSED
    return "valid", checks.VALID


def _told(letter: Letter, frozen: dict[str, Any]) -> dict[str, Any]:
    method, certified = letter.method or "approval", bool(letter.certified)
    return {
        "signature": {
            "method": method,
            "certified": certified,
            "statement": checks.signed_how(method, certified),
        },
        "kind": letter.kind,
        "title": frozen["title"],
        "number": letter.number,
        "dated": letter.dated,
        "valid_until": letter.valid_until,
        "office": f"{frozen['office']['village']}, {frozen['office']['district']}, {frozen['office']['city']}",
        "signer": frozen["head"] if letter.introduces else frozen["signer"]["name"],
        "name": checks.mask_name(frozen["person"]["name"]),
        "sha256": letter.sha256,
        "issued_at": letter.issued_at,
        "voided_at": letter.voided_at,
    }
