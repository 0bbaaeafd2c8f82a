"""A letter or form, its states, and which act leads from where to where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.sop import applies
from documents.domain.errors import NotDrafted, NothingToVoid, NothingUnknown
from kit.problems import Conflict

INTRODUCTION = "introduction"

STATUSES = (
    "drafting", "drafted", "sent_back", "numbered", "signing", "unknown", "issued", "void", "cancelled",
)  # fmt: skip

# act -> (the states that it starts from, the state that it leads to)
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    "draft_again": (frozenset({"drafting", "drafted", "sent_back"}), "drafting"),
    "draft": (frozenset({"drafting"}), "drafted"),
    "send_back": (frozenset({"drafted"}), "sent_back"),
    "number": (frozenset({"drafted"}), "numbered"),
    "grant": (frozenset({"drafting"}), "numbered"),  # the RT head's letter, which waits for no lurah
    # A letter goes to another's service to be signed, which answers, or refuses, or leaves it unknown.
    "send_to_sign": (frozenset({"numbered"}), "signing"),
    "refuse_to_sign": (frozenset({"signing"}), "numbered"),
    "lose_track": (frozenset({"signing"}), "unknown"),
    "sign_again": (frozenset({"unknown"}), "numbered"),  # an officer says so, never the system by itself
    "issue": (frozenset({"numbered", "signing", "unknown"}), "issued"),
    "hand_out": (frozenset({"drafted"}), "issued"),  # a form, when all letters of its case are there
    "void": (frozenset({"numbered", "signing", "unknown", "issued"}), "void"),
    "cancel": (frozenset({"drafting", "drafted", "sent_back"}), "cancelled"),
}

SIGNERS = ("lurah", "signer")
"""Who decides on letters and signs them: the lurah, and whoever was given this permission, such as a secretary."""

MAY_DO: Mapping[str, tuple[str, ...]] = {
    "decide": SIGNERS, "initial": ("officer",), "draft": ("officer", "lurah"), "write": ("officer",),
    "scan": ("officer",), "settle": ("officer", *SIGNERS), "void": ("lurah",),
}  # fmt: skip
"""Who may do what with a letter of the office."""

_REFUSALS: Mapping[str, type[Conflict]] = {"void": NothingToVoid, "sign_again": NothingUnknown}


@dataclass
class Letter:
    """One letter, or one form (`form`), which has no number and no check."""

    id: UUID
    kelurahan: str
    kind: str
    status: str
    rw: str
    rt: str
    created_at: datetime
    form: bool = False
    application_id: UUID | None = None
    introduction_id: UUID | None = None
    owner: str | None = None
    classification: str = ""
    valid_days: int | None = None
    draft: int = 1
    person_id: UUID | None = None
    preview_sha256: str | None = None
    preview_key: str | None = None
    template: str | None = None
    incomplete: list[str] = field(default_factory=list)
    problem: str | None = None
    sent_back_reason: str | None = None
    sent_back_by: str | None = None
    number: str | None = None
    dated: date | None = None
    valid_until: date | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    token: str | None = None
    method: str | None = None
    certified: bool | None = None
    certificate_issuer: str | None = None
    initialled_by: str | None = None
    prepared_key: str | None = None
    prepared_sha256: str | None = None
    signing_since: datetime | None = None
    replaces: UUID | None = None
    bucket: str | None = None
    key: str | None = None
    sha256: str | None = None
    size: int | None = None
    issued_at: datetime | None = None
    voided_at: datetime | None = None
    voided_by: str | None = None
    void_reason: str | None = None
    version: int = 1

    @property
    def introduces(self) -> bool:
        """Whether this is the RT head's own letter."""
        return self.kind == INTRODUCTION

    def may(self, act: str) -> bool:
        return self.status in TRANSITIONS[act][0]

    @property
    def takes(self) -> frozenset[str]:
        """What of MAY_DO may be done with it as it stands."""
        fits = {
            "decide": self.may("number") and not self.form,
            "initial": self.may("number") and not self.form,
            "draft": self.may("draft_again"),
            "write": self.may("draft_again"),
            "scan": self.by_hand and self.prepared_key is not None,
            "settle": self.may("sign_again"),
            "void": self.may("void") and not self.form,
        }
        return frozenset(act for act, fit in fits.items() if fit)

    @property
    def by_hand(self) -> bool:
        """Whether it waits for a pen."""
        return self.status == "numbered" and self.method == "by_hand"

    def speaks_as(self, other: Letter) -> bool:
        """Whether a sheet of the other prints the same words about how it is signed."""
        mine = (self.method, self.certified, self.certificate_issuer)
        return mine == (other.method, other.certified, other.certificate_issuer)

    def do(self, act: str) -> None:
        """Moves on. Raises the act's Conflict where the table does not allow it, and changes nothing then."""
        if not self.may(act):
            raise _REFUSALS.get(act, NotDrafted)
        self.status = TRANSITIONS[act][1]


@dataclass(frozen=True)
class Wanted:
    """A letter or form that the SOP asks for in a case."""

    kind: str
    form: bool
    classification: str = ""
    valid_days: int | None = None


def wanted(sop: Mapping[str, Any], reason: str | None, given: Mapping[str, Any]) -> Iterator[Wanted]:
    """What the SOP asks for in a case with this reason and these values."""
    for part, form in (("letters", False), ("forms", True)):
        for entry in sop.get(part) or ():
            if applies(entry, reason, given):
                yield Wanted(entry["kind"], form, entry.get("classification") or "", entry.get("valid_days"))


def replaced(there: list[Letter], kind: str) -> UUID | None:
    """The letter in whose place a new one of this kind is drawn up: the newest void one that was issued."""
    void = [letter for letter in there if letter.kind == kind and letter.status == "void" and letter.issued_at]
    return max(void, key=lambda letter: letter.id).id if void else None


def to_be_shown(letters: list[Letter]) -> list[Letter]:
    """The office's drafts of a case once all its letters are drawn up and lack nothing; none before, and none when all
    are decided on. A draft that lacks something is not what will be printed."""
    current = [one for one in letters if not one.form and one.status not in ("void", "cancelled")]
    if any(one.may("draft_again") and (one.status != "drafted" or one.incomplete) for one in current):
        return []
    return [one for one in current if one.status == "drafted"]


def is_complete(letters: list[Letter]) -> bool:
    """Whether all of a case is there: every letter issued, every form drawn up."""
    current = [letter for letter in letters if letter.status not in ("void", "cancelled")]
    return bool(current) and all(
        letter.status == "issued" or (letter.form and letter.status == "drafted") for letter in current
    )
