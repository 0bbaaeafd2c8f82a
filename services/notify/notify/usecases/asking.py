"""The job that sends a message."""

from __future__ import annotations

from uuid import UUID

from kit import jobs
from kit.db import Tx
from notify.domain.messages import Message

SEND = "send_message"


def ask(tx: Tx, message: Message, *, delay: float = 0.0) -> UUID:
    """Asks for it, after so many seconds; the message is saved by the caller."""
    message.job_id = jobs.add(tx, SEND, message.kelurahan, {"message_id": str(message.id)}, delay=delay)
    return message.job_id


def message_of(job: jobs.Job) -> UUID:
    """Which message a job sends."""
    return UUID(job.payload["message_id"])
