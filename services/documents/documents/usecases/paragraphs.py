"""What an officer adds to one letter, until it has its number."""

from __future__ import annotations

from typing import Any

from documents.deps import Deps
from documents.domain import office_texts as rules
from documents.domain.errors import NotDrafted, ParagraphNotTaken
from documents.domain.letters import Letter
from documents.store import office_templates as store
from documents.usecases import drafting, office_texts
from kit.db import Tx


def _taken(tx: Tx, letter: Letter) -> bool:
    return rules.takes_paragraph(letter.kind, office_texts.in_force(tx, letter.kelurahan, letter.kind))


def view(deps: Deps, tx: Tx, letter: Letter) -> dict[str, Any]:
    """The paragraph, and whether there may be one."""
    said = store.paragraph(tx, deps.data_keys, letter.id)
    return {"text": said or None, "allowed": letter.may("draft_again") and _taken(tx, letter)}


def write(deps: Deps, tx: Tx, letter: Letter, text: str | None) -> None:
    """The paragraph is another, and the draft (`letter` is locked) is drawn up again. Raises NotDrafted,
    ParagraphNotTaken."""
    if not letter.may("draft_again"):
        raise NotDrafted
    if text is not None and not _taken(tx, letter):
        raise ParagraphNotTaken
    store.put_paragraph(tx, deps.data_keys, letter.id, letter.kelurahan, text or "")
    drafting.draft_again(tx, letter)
