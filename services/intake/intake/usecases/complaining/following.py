"""What whoever filed a complaint does with it later: looks, supplies more, is satisfied, objects, withdraws it."""

from __future__ import annotations

from contracts.erasing import ErasedCase
from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.states import OPEN, WITHDRAWN, NotNow
from intake.usecases import erasing
from intake.usecases.complaining.changing import change
from intake.usecases.complaining.filing import FILER
from kit.db import Tx


def supply(deps: Deps, tx: Tx, complaint: Complaint, words: str) -> None:
    """More about it, asked for or not; what was asked for ends the rest of its time. Raises NotNow."""
    change(deps, tx, complaint, "supply", FILER, words=words)


def satisfied(deps: Deps, tx: Tx, complaint: Complaint) -> None:
    """Raises NotNow."""
    change(deps, tx, complaint, "satisfied", FILER)


def reopen(deps: Deps, tx: Tx, complaint: Complaint, words: str) -> None:
    """The answer does not do. Raises NotNow, TooLateToReopen."""
    change(deps, tx, complaint, "reopen", FILER, words=words)


def withdraw(deps: Deps, tx: Tx, complaint: Complaint) -> None:
    """Raises NotNow."""
    change(deps, tx, complaint, "withdraw", FILER, {"result": WITHDRAWN})


def erase(deps: Deps, tx: Tx, complaint: Complaint) -> None:
    """Who filed it and what was written goes, in every service. It is held (`finding.of_filer` with `erases`), its row
    is locked, and no erasure of it was asked for yet. Raises NotNow while it is open."""
    if complaint.state.status in OPEN:
        raise NotNow("erase", complaint.state.status)
    erasing.begin(deps, tx, ErasedCase(complaint.id, None, complaint.kelurahan, "person"), deps.clock.now())
