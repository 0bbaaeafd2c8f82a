"""Whose a complaint is, and who handles it: found by its ticket and secret, by a login, or at a desk."""

from __future__ import annotations

from uuid import UUID

from contracts.erasing import hold
from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain.accounts import is_office
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.handling import acts_as
from intake.domain.complaints.history import By
from intake.domain.complaints.tickets import normalise_secret, normalise_ticket
from intake.domain.errors import NotYours
from intake.domain.identity import IdentityError
from intake.store import complaints as store
from intake.store import erasures
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.problems import NotFound, Words


class TicketUnknown(NotFound):
    """No complaint has this ticket."""

    slug = "ticket-unknown"
    title = Words("Tiket tidak dikenal", "Unknown ticket")
    detail = Words("Periksa tiket, contoh ADU-7K3M9-XW2RB.", "Check the ticket; it looks like ADU-7K3M9-XW2RB.")


class SecretRefused(NotFound):
    """Ticket and secret do not go together."""

    slug = "ticket-secret-refused"
    title = Words("Tiket dan kunci tidak cocok", "Ticket and secret do not match")
    detail = Words(
        "Periksa kunci yang diberikan bersama tiket, atau masuk dengan akun yang mengirimnya.",
        "Check the secret that came with the ticket, or sign in with the account that filed it.",
    )

    def __init__(self, ticket: str, *, guessed: bool) -> None:
        super().__init__()
        self.ticket, self.guessed = ticket, guessed


def ticket_of(text: str) -> str:
    """A ticket as it was given out. Raises TicketUnknown."""
    try:
        return normalise_ticket(text)
    except IdentityError as error:
        raise TicketUnknown from error


def office_of_ticket(deps: Deps, ticket: str) -> str:
    """The office that a ticket is of, which nobody knows beforehand. Raises TicketUnknown."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = store.by_ticket(tx, deps.data_keys, ticket_of(ticket))
    if found is None:
        raise TicketUnknown
    return found.kelurahan


def of_filer(
    deps: Deps, tx: Tx, ticket: str, secret: str | None, who: Caller | None, *, lock: bool, erases: bool = False
) -> Complaint:
    """The complaint, for whoever filed it: by its secret, or by the login. `erases`: held against whoever handles its
    news, before its row is locked, as they do. Raises TicketUnknown, SecretRefused."""
    found = store.by_ticket(tx, deps.data_keys, ticket_of(ticket))
    if found is None:
        raise TicketUnknown
    if not (_knows(deps, found, secret) or (who is not None and found.owner == who.subject)):
        raise SecretRefused(found.ticket, guessed=bool(secret))
    if not lock:
        return found
    if erases:
        hold(tx, found.id, None)
    locked = store.lock(tx, deps.data_keys, found.id)
    if locked is None or is_going_away(tx, locked):
        raise TicketUnknown
    return locked


def is_going_away(tx: Tx, complaint: Complaint) -> bool:
    """Whether it is erased, or about to be: a job does that later, and until then nothing may bring it back."""
    return complaint.erased_at is not None or erasures.get(tx, complaint.id) is not None


def _knows(deps: Deps, complaint: Complaint, secret: str | None) -> bool:
    if not secret or complaint.secret_hash is None:
        return False
    try:
        said = normalise_secret(secret)
    except IdentityError:
        return False
    return deps.data_keys.same(complaint.secret_hash, said, store.secret_context(complaint.id))


def office_of(deps: Deps, who: Caller, complaint_id: UUID) -> str:
    """The office of a complaint that the caller may handle: his own, or one below his kecamatan or city. Raises
    NotYours."""
    if is_office(who.tenant):
        return who.tenant
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = store.get(tx, deps.data_keys, complaint_id)
    if found is None or not reach_of(who).covers(found.kelurahan):
        raise NotYours(complaint_id)
    return found.kelurahan


def of_handler(deps: Deps, tx: Tx, who: Caller, complaint_id: UUID, *, lock: bool) -> tuple[Complaint, By]:
    """The complaint, and as what the caller handles it. Raises NotYours, also for one that is about himself or somebody
    above him: he is not told that there is one."""
    find = store.lock if lock else store.get
    found = find(tx, deps.data_keys, complaint_id)
    if found is None or found.erased_at is not None or (lock and is_going_away(tx, found)):
        raise NotYours(complaint_id)
    state = found.state
    role = acts_as(who.roles, who.subject, state.about, state.about_staff, state.level)
    if role is None:
        raise NotYours(complaint_id)
    return found, By(role, who.subject)


def handles(deps: Deps, who: Caller, complaint_id: UUID) -> bool:
    """Whether the caller handles it as it stands now."""
    try:
        with deps.db.transaction(office_of(deps, who, complaint_id)) as tx:
            of_handler(deps, tx, who, complaint_id, lock=False)
    except NotYours:
        return False
    return True
