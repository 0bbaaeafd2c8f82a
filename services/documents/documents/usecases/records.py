"""What a person may take along: his letters as they were issued, what became of each, and how they were handed over.
Who received them, and who carried them, are other people (UU PDP 27/2022 Art. 33)."""

from __future__ import annotations

from typing import Any

from contracts.providing import Asked, Part, job
from documents.deps import Deps
from documents.domain.letters import Letter
from documents.store import handovers, letters
from documents.usecases.telling import PDF
from kit.db import Tx

_OF_LETTER = ("kind", "form", "status", "number", "dated", "valid_until", "issued_at", "voided_at", "void_reason")
_OF_HANDOVER = ("status", "method", "ready_at", "at", "price", "payer")
_MOST = 100


def collect(deps: Deps, tx: Tx, asked: Asked) -> Part:
    """The letters, forms and hand-overs of a case."""
    found = letters.of_case_or_introduction(tx, asked.application_id, asked.introduction_id)
    handed = handovers.page(tx, deps.data_keys, asked.application_id, None, None, _MOST)
    return Part(
        {
            "letters": [_plain(letter, _OF_LETTER) for letter in found],
            "handovers": [_plain(handover, _OF_HANDOVER) for handover in handed],
        },
        [_file(letter) for letter in found if letter.status == "issued" and letter.key is not None],
    )


def _file(letter: Letter) -> dict[str, Any]:
    stored = {name: getattr(letter, name) for name in ("bucket", "key", "sha256", "size")}
    return stored | {"type": PDF, "name": f"letters/{letter.kind}-{letter.id}.pdf"}


def _plain(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    values = ((name, getattr(thing, name)) for name in names)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values}


PROVIDING = job("record.provided", collect)
