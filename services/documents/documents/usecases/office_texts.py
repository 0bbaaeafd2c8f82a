"""What the office wrote comes onto its letters: frozen with all else when a draft is drawn up."""

from __future__ import annotations

from documents.deps import Deps
from documents.domain import office_texts as rules
from documents.domain.letters import Letter
from documents.domain.office_texts import OfficeTexts
from documents.render.data import Document, Emblem
from documents.store import office_templates as store
from documents.store import people
from kit.db import Tx


def dress(deps: Deps, tx: Tx, letter: Letter, document: Document) -> tuple[Document, list[str]]:
    """The document with the office's texts that are in force, its emblem and the officer's paragraph; and which values
    those texts lack."""
    texts = in_force(tx, letter.kelurahan, letter.kind)
    paragraph = store.paragraph(tx, deps.data_keys, letter.id) if rules.takes_paragraph(letter.kind, texts) else ""
    emblem = emblem_of(tx, letter.kelurahan)
    return rules.dressed(document, texts, paragraph, emblem), rules.gaps(document, texts)


def in_force(tx: Tx, kelurahan: str, kind: str) -> OfficeTexts | None:
    row = store.in_force(tx, kelurahan, kind) if kind in rules.PARTS else None
    return None if row is None else OfficeTexts(row["version"], row["data"])


def emblem_of(tx: Tx, kelurahan: str) -> Emblem | None:
    row = store.emblem(tx, kelurahan)
    return None if row is None else Emblem(key=row["key"], sha256=row["sha256"])


def validity_days(deps: Deps, tx: Tx, letter: Letter) -> int | None:
    """For how many days the office wants a letter of this kind valid, as it was frozen into the draft."""
    if letter.person_id is None:
        return None
    texts = people.read(tx, deps.data_keys, letter.person_id).get("texts") or {}
    days: int | None = texts.get("validity_days")
    return days
