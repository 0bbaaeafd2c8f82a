"""Names as a page shows them, in the reader's language."""

from __future__ import annotations

from intake.deps import Deps
from intake.domain.case import Application
from intake.usecases.reading import sop
from kit.db import Tx
from kit.language import language


def service_name(deps: Deps, tx: Tx, app: Application) -> str:
    """Of the case's own version of its service."""
    named = sop(deps, tx, app.kelurahan, app.service, app.sop_version)["name"]
    return str(named.get(language()) or named["id"])
