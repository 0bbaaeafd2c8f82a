"""What several resources share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from flask import Response

from documents.deps import Deps
from documents.domain.cases import Application
from documents.domain.handovers import Handover
from documents.domain.letters import Letter
from documents.schemas.letters import LetterOut
from documents.usecases import reading
from documents.usecases.telling import check_url
from kit import answers
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.downloads import attachment, send_stored
from kit.objects import StoredObject

HAVE_IT = "The same that the caller has already (`If-None-Match`)."


def deps() -> Deps:
    """The parts of this service."""
    return cast(Deps, answers.deps())


def letter_view(letter: Letter) -> dict[str, Any]:
    """A letter for LetterOut."""
    return vars(letter) | {
        "check_url": check_url(deps(), letter), "prepared": letter.prepared_key is not None,
    }  # fmt: skip


def change_letter(letter_id: UUID, asked: Any, act: Callable[[Tx, Letter, Application | None], None]) -> Response:
    """Does `act` with a letter that the caller sees and its case, both locked, once per key. Raises NotFound,
    PreconditionFailed, and what `act` raises."""

    def work(tx: Tx) -> Answer:
        letter, case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        act(tx, letter, case)
        now = reading.lock_letter(deps(), tx, letter_id)[0]
        return answers.answer(LetterOut, letter_view(now), version=now.version, Retry_After="1")

    reading.letter_for(deps(), caller(), letter_id)
    return once_for_caller(asked, work)


def change_handover(
    handover_id: UUID, asked: Any, act: Callable[[Tx, Handover, Application], None],
    show: Callable[[Tx, Handover, Application], Answer],
) -> Response:  # fmt: skip
    """The same for a hand-over; `show` makes the answer."""

    def work(tx: Tx) -> Answer:
        handover, case = reading.lock_handover(deps(), tx, handover_id)
        answers.check_if_match(handover.version)
        act(tx, handover, case)
        return show(tx, handover, case)

    reading.check_handover(deps(), caller(), handover_id)
    return once_for_caller(asked, work)


def once_for_caller(asked: Any, work: Callable[[Tx], Answer]) -> Response:
    """`kit.answers.once` for whoever calls, in his office."""
    return once(deps().db, deps().data_keys, caller(), caller().tenant, asked, work)


def with_etag(body: Any, version: int) -> tuple[Any, int, dict[str, str]]:
    return body, 200, {"ETag": answers.etag(version)}


def send_pdf(stored: StoredObject, etag: str, filename: str) -> Response:
    """Streams a PDF to be kept by its reader alone; who has it already (`If-None-Match`) gets 304."""
    return send_stored(stored, etag, "application/pdf", {"Cache-Control": "private, no-cache", **attachment(filename)})


def filename(letter: Letter, mark: str = "") -> str:
    """A name for the file that tells which letter it is and nothing of a person."""
    number = re.sub(r"[^A-Za-z0-9.]+", "-", letter.number or str(letter.id)).strip("-.")
    return f"{letter.kind.replace('_', '-')}-{number}"[:100].rstrip("-.") + f"{mark}.pdf"
