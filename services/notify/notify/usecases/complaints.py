"""A change of a complaint is told to whoever filed it, where he said how he is reached. What was said to him goes with
the complaint when that is erased."""

from __future__ import annotations

import structlog

from kit.bus.envelope import Received
from kit.db import Tx
from kit.errors import Retryable
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.complaints import NOTICES, Facts, notice_for
from notify.store import copies
from notify.usecases.notices import recipient
from notify.usecases.sending import put_out

log = structlog.get_logger()


def told(deps: Deps, tx: Tx, event: Received) -> None:
    """Says what the table says of this event, if it says anything. Raises Retryable when the office has not arrived
    yet."""
    to = (event.data.get("person") or {}).get("to")
    if not NOTICES[event.type] or not to:
        return
    office = copies.office(tx, event.data["kelurahan"])
    if office is None:
        raise Retryable("the office has not arrived yet")
    reader = recipient(deps, tx, to.get("contact_id"), to)
    found = notice_for(event.type, Facts(event.data, office, reader, deps.settings.public_url))
    if found is not None:
        template, values = found
        complaint_id = event.data["complaint_id"]
        put_out(deps, tx, new_id(), event.data["kelurahan"], template, reader, values, application_id=complaint_id)
        log.info("told of a complaint", template=template, complaint=str(complaint_id))
