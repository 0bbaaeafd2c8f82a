"""From a verified case to drafts that the lurah can decide on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from documents.deps import Deps
from documents.domain.cases import Application, Case, is_sample
from documents.domain.composing import COMPOSERS, compose, compose_introduction, preview_hash
from documents.domain.letters import Letter, Wanted, replaced, wanted
from documents.domain.numbers import letter_date
from documents.domain.required import incomplete
from documents.render.data import Document
from documents.rendering import CannotRender, template_version
from documents.store import copies, letters, people
from documents.usecases import objects, office_texts
from kit import jobs
from kit.db import Tx
from kit.errors import Retryable

DRAFT_JOB = "draft_letter"


class NotKnownYet(Retryable):
    """What another service tells has not arrived here yet."""


@dataclass(frozen=True)
class Draft:
    """A draft ready to be rendered: what is printed, and what it still lacks."""

    frozen: dict[str, Any]
    incomplete: list[str]
    template: str

    @property
    def sha256(self) -> str:
        return preview_hash(self.frozen, self.template)


def office_of(tx: Tx, kelurahan: str) -> dict[str, Any]:
    """The office. Raises NotKnownYet."""
    office = copies.office(tx, kelurahan)
    if office is None:
        raise NotKnownYet("the office is not known here yet")
    return office


def draw_up(deps: Deps, tx: Tx, application: Application) -> None:
    """A verified case has every letter and form that its SOP asks for; those not decided on are drawn up anew where
    what is known now prints another letter. Raises NotKnownYet."""
    sop = copies.sop(tx, application)
    if sop is None:
        raise NotKnownYet("this version of the SOP is not known here yet")
    there = letters.of_case(tx, application.id)
    kept = [letter for letter in there if letter.status not in ("void", "cancelled")]
    asked = {entry.kind: entry for entry in wanted(sop, application.reason, application.given)}
    for letter in kept:
        entry = asked.pop(letter.kind, None)
        if entry is None and letter.may("cancel"):
            cancel(tx, letter)
        elif entry is not None and letter.may("draft_again") and _prints_otherwise(deps, tx, letter, entry):
            letter.classification, letter.valid_days = entry.classification, entry.valid_days
            draft_again(tx, letter)
    for entry in asked.values():
        letter = letters.new(
            application.kelurahan, entry, application.rw, application.rt, deps.clock.now(),
            application_id=application.id, owner=application.owner, replaces=replaced(there, entry.kind),
        )  # fmt: skip
        request_draft(tx, letters.add(tx, letter))


def _prints_otherwise(deps: Deps, tx: Tx, letter: Letter, entry: Wanted) -> bool:
    """Whether a new draft would differ: news of a case that change nothing on the letter leave alone what the lurah
    is looking at, or sent back. A draft in the making may have read what was known before."""
    same = (letter.classification, letter.valid_days) == (entry.classification, entry.valid_days)
    return not same or is_out_of_date(deps, tx, letter)


def is_out_of_date(deps: Deps, tx: Tx, letter: Letter) -> bool:
    """Whether a draft that was drawn up now would be another, or is in the making and may be. Raises NotKnownYet."""
    return letter.status == "drafting" or prepare(deps, tx, letter).sha256 != letter.preview_sha256


def cancel(tx: Tx, letter: Letter) -> None:
    """A draft that nobody needs any more. Raises NotDrafted for what is no draft."""
    letter.do("cancel")
    objects.remove_later(tx, letter.kelurahan, letter.preview_key)
    letter.preview_key = letter.bucket = letter.key = letter.sha256 = letter.size = None
    letters.save(tx, letter)


def draft_again(tx: Tx, letter: Letter) -> None:
    """The present draft, if any, cannot be decided on any more. Raises NotDrafted for a letter past that."""
    letter.do("draft_again")
    letter.draft += 1
    letter.problem = letter.initialled_by = None
    letters.save(tx, letter)
    request_draft(tx, letter)


def request_draft(tx: Tx, letter: Letter) -> None:
    payload = {"letter_id": str(letter.id), "draft": letter.draft}
    jobs.add(tx, DRAFT_JOB, letter.kelurahan, payload, key=f"{letter.id}:{letter.draft}")


def redraft_one(deps: Deps, tx: Tx, application_id: UUID | None, letter_id: UUID, *, always: bool = True) -> None:
    """Draws a draft up again: always, or where it would be another by now."""
    if application_id is not None:
        copies.application(tx, deps.data_keys, application_id, lock=True)
    letter = letters.get(tx, letter_id, lock=True)
    if letter is not None and letter.may("draft_again") and (always or is_out_of_date(deps, tx, letter)):
        draft_again(tx, letter)


def prepare(deps: Deps, tx: Tx, letter: Letter) -> Draft:
    """Freezes what will be printed. Raises NotKnownYet, CannotRender."""
    if letter.introduces:
        return _prepare_introduction(deps, tx, letter)
    if letter.kind not in COMPOSERS:
        raise CannotRender("there is no layout of this kind")
    case = _case(deps, tx, letter)
    missing = [] if letter.form else incomplete(letter.kind, case)
    document, gaps = office_texts.dress(deps, tx, letter, compose(letter.kind, case))
    return Draft(document.to_json(), list(dict.fromkeys([*missing, *gaps])), template_version(letter.kind))


def _case(deps: Deps, tx: Tx, letter: Letter) -> Case:
    office = office_of(tx, letter.kelurahan)
    found = letter.application_id and copies.application(tx, deps.data_keys, letter.application_id)
    sop = found and copies.sop(tx, found)
    if not found or not sop:
        raise NotKnownYet("the case is not known here yet")
    return Case(
        office=office,
        sop=sop,
        application=found,
        rests_on=letters.rests_on(tx, found.id, found.introduction_id),
        today=letter_date(deps.clock.now(), office["zone"]),
        sample=is_sample(office, deps.settings.sample_data),
    )


def _prepare_introduction(deps: Deps, tx: Tx, letter: Letter) -> Draft:
    office = office_of(tx, letter.kelurahan)
    found = letter.introduction_id and copies.introduction(tx, deps.data_keys, letter.introduction_id)
    if not found or found.granted_at is None:
        raise NotKnownYet("the introduction is not known here yet")
    today = letter_date(found.granted_at, office["zone"])
    document: Document = compose_introduction(found, office, today, is_sample(office, deps.settings.sample_data))
    document, _gaps = office_texts.dress(deps, tx, letter, document)
    return Draft(document.to_json(), [], template_version(letter.kind))


def keep_draft(deps: Deps, tx: Tx, letter: Letter, draft: Draft, preview_key: str | None) -> None:
    """The draft is what the lurah sees from now on (`letter` is locked); the one before is removed."""
    objects.remove_later(tx, letter.kelurahan, letter.preview_key, unless=preview_key)
    letter.person_id = people.keep(tx, deps.data_keys, letter.kelurahan, draft.frozen, letter.person_id)
    letter.preview_sha256 = draft.sha256
    letter.preview_key = preview_key
    letter.template = draft.template
    letter.incomplete = draft.incomplete
    letter.problem = None
