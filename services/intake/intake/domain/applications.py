"""The procedure of a case: who may do what from where, what is still missing, whose turn it is.

draft ─submit→ submitted ─receive→ received ─verify→ verified ─produce→ issued ─hand over→ completed
                  │ ↑                  │                ↑                │
             return └──resubmit──┐  return              └─ letter voided ┘
                  └──────→ returned ←─┘                              ends: rejected · withdrawn · expired
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contracts.sop import applies
from intake.domain.consent import CONSENT, TO_DO
from kit.problems import Conflict, Unprocessable, Words

STATUSES = (
    "draft", "submitted", "returned", "received", "verified", "issued",
    "completed", "rejected", "withdrawn", "expired",
)  # fmt: skip
ENDED = frozenset({"completed", "rejected", "withdrawn", "expired"})
IN_OFFICE = ("submitted", "received", "verified", "issued")  # what an officer's queue is made of
UNDER_WAY = ("submitted", "received", "verified")  # those whose promise is still to be kept

OWNER = "owner"  # whoever goes on with the case, whatever his role: who opened it, or whose it is
HELPER, RESIDENT = "helper", "resident"  # of those: who does it for somebody else, and the person himself
OFFICER, LURAH = "officer", "lurah"
VERIFICATION, DOCUMENTS, SYSTEM = "verification", "documents", "system"

NO_ANSWER = "no_answer"
"""The note of an introduction that nobody answered: an officer may waive it."""

NEIGHBOURS = "neighbours"
"""The field that holds what neighbours said: verification writes it, nobody else but the office."""
OF_NEIGHBOURS = ("objection", "quorum")
BY_NEIGHBOURS = "neighbours"
"""What others than the office learn of a verification that failed by what neighbours said or did not say."""

IDLE = timedelta(days=30)
"""After so long a draft, or a returned case that nobody took up again, expires."""
IDLE_TOLD = IDLE - timedelta(days=7)
"""So long after its last change the person is told that it will."""
SILENT = timedelta(days=7)
"""After so long a returned case that nobody took up again is shown to the office: somebody may ask what is wrong."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An action that moves a case. `by` names roles, OWNER, or the service whose event moves it."""

    action: str
    sources: frozenset[str]
    target: str
    by: frozenset[str]
    event: str


@dataclass(frozen=True, slots=True)
class Change:
    """An action that changes a case and leaves it where it is."""

    action: str
    sources: frozenset[str]
    by: frozenset[str]


def _move(action: str, sources: str, target: str, by: str, event: str) -> Transition:
    return Transition(action, frozenset(sources.split()), target, frozenset(by.split()), f"application.{event}")


def _stay(action: str, sources: str, by: str) -> Change:
    return Change(action, frozenset(sources.split()), frozenset(by.split()))


TRANSITIONS: tuple[Transition, ...] = (
    _move("submit", "draft", "submitted", "owner officer", "submitted"),
    _move("receive", "submitted", "received", "officer", "received"),
    _move("return", "submitted received", "returned", "officer", "returned"),
    _move("ask-original", "received", "returned", "verification", "returned"),
    _move("show-original", "returned", "received", "officer verification", "received"),
    _move("resubmit", "returned", "submitted", "owner officer", "resubmitted"),
    _move("verify", "received", "verified", "verification", "verified"),
    _move("override-attestation", "received", "verified", "officer", "verified"),
    _move("produce", "verified", "issued", "documents", "issued"),
    _move("void-letter", "issued", "verified", "documents", "verified"),
    _move("hand-over", "issued", "completed", "documents", "completed"),
    _move("reject", "submitted returned received verified", "rejected", "officer", "rejected"),
    _move("withdraw", "draft submitted returned received verified", "withdrawn", "owner officer", "withdrawn"),
    _move("expire", "draft returned", "expired", "system", "expired"),
)

CHANGES: tuple[Change, ...] = (
    _stay("edit", "draft returned", "owner officer"),
    _stay("edit", "submitted received verified", "officer"),
    _stay("request-introduction", "draft returned", "owner officer"),
    _stay("waive-introduction", "draft submitted returned", "officer"),
    _stay("waive-requirement", "draft submitted returned", "officer"),
    _stay("add-file", "draft returned", "owner officer"),
    _stay("add-handover-paper", "issued", "officer"),
    _stay("give-consent", "draft returned", "owner officer"),
    _stay("give-consent", "submitted received verified", "officer"),
    _stay("revoke-consent", "draft submitted returned received verified", "resident officer"),
)


class NotAllowedNow(Conflict):
    """The case is not where this action starts, or the action is not this caller's."""

    slug = "not-allowed-now"
    title = Words("Belum atau tidak lagi bisa dilakukan", "Not possible in the present state")

    def __init__(self, action: str, status: str) -> None:
        super().__init__(
            Words(
                f"Permohonan berstatus {status}; tindakan ini tidak berlaku sekarang.",
                f"The application is {status}; {action} does not apply now.",
            ),
            more={"status_of_case": status},
        )


class Incomplete(Unprocessable):
    """Something that has to be there before submitting is missing."""

    slug = "incomplete"
    title = Words("Berkas belum lengkap", "Something is missing")

    def __init__(self, missing: Sequence[str]) -> None:
        names = ", ".join(missing)
        said = Words(f"Masih kurang: {names}.", f"Still missing: {names}.")
        if CONSENT in missing:
            said = Words(f"{said.id} {TO_DO.id}", f"{said.en} {TO_DO.en}")
        super().__init__(said, more={"missing": list(missing)})


class DuplicateApplication(Conflict):
    """The person has an open case for the same service."""

    slug = "duplicate-application"
    title = Words("Sudah ada permohonan yang berjalan", "There is an open application already")
    detail = Words(
        "Untuk layanan yang sama masih ada permohonan terbuka. Lanjutkan yang itu, atau nyatakan bahwa yang kedua"
        " memang sengaja (intended_duplicate).",
        "There is an open application for the same service. Send intended_duplicate if you mean it.",
    )
    of: tuple[str, bytes] | None = None
    """Service and keyed NIK, where the open one is still to be named: whoever was faster had not ended then."""

    def named(self, first: object) -> DuplicateApplication:
        """The same with the open one's address."""
        return DuplicateApplication(more={"first": f"/v1/applications/{first}"})


class FilesBeingChecked(Conflict):
    """A photo is still being looked at; its turn comes in a moment."""

    slug = "files-being-checked"
    title = Words("Foto sedang diperiksa", "Photos are being checked")
    detail = Words("Tunggu sebentar, lalu kirim lagi.", "Wait a moment, then submit again.")


def transition(action: str, status: str, roles: Collection[str]) -> Transition:
    """The transition of this action from this status by one of these roles. Raises NotAllowedNow."""
    for candidate in TRANSITIONS:
        if candidate.action == action and status in candidate.sources and not candidate.by.isdisjoint(roles):
            return candidate
    raise NotAllowedNow(action, status)


def check_change(action: str, status: str, roles: Collection[str]) -> None:
    """Whether this change is allowed. Raises NotAllowedNow."""
    for candidate in CHANGES:
        if candidate.action == action and status in candidate.sources and not candidate.by.isdisjoint(roles):
            return
    raise NotAllowedNow(action, status)


def actions_for(
    status: str,
    roles: Collection[str],
    *,
    introduction: str,
    verification: str,
    complete: bool,
    originals: bool = False,
    helped: bool = False,
    agreed: bool = False,
) -> list[str]:
    """What a caller with these roles (OWNER among them for the case's owner) may do now. `originals`: somebody is to
    show one; `helped`: somebody applies for another, who has `agreed`."""
    impossible = {
        "submit": not complete,
        "resubmit": not complete or originals,
        "show-original": not originals,
        "request-introduction": introduction in ("requested", "granted", "waived"),
        "waive-introduction": introduction in ("granted", "waived"),
        "override-attestation": verification != "failed",
        "give-consent": not helped or agreed,
        "revoke-consent": not helped,
    }
    steps: list[Transition | Change] = [*TRANSITIONS, *CHANGES]
    possible = dict.fromkeys(step.action for step in steps if status in step.sources and not step.by.isdisjoint(roles))
    return [action for action in possible if not impossible.get(action, False)]


@dataclass(frozen=True, slots=True)
class RequirementState:
    """How one requirement of the case stands: missing, optional (and not there), present, waived or not needed."""

    code: str
    name: Mapping[str, str]
    state: str
    file_id: Any = None
    note: str | None = None


def requirement_states(
    sop: Mapping[str, Any],
    reason: str | None,
    given: Mapping[str, Any],
    files: Mapping[str, Any],
    introduction: str,
    note: str | None = None,
    waived: Mapping[str, str] | None = None,
) -> list[RequirementState]:
    """Every requirement of the SOP. `given` are the values of its fields; `files` maps a requirement's code to the id
    of its current file, `waived` to why an officer does without, as `note` says it of the introduction. A paper
    introduction may be photographed instead of asked for."""
    states = []
    for item in sop["requirements"]:
        code, said = item["code"], None
        file_id = files.get(code)
        state = "present" if file_id else "optional" if item.get("optional") else "missing"
        if not applies(item, reason, given):
            state = "not_needed"
        elif item["kind"] == "introduction" and introduction in ("granted", "waived"):
            state = "waived" if introduction == "waived" else "present"
            said = note if introduction == "waived" else None
        elif not file_id and code in (waived or {}):
            state, said = "waived", (waived or {})[code]
        states.append(RequirementState(code, item["name"], state, file_id, said))
    return states


def wanted_originals(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The returned items of which the original is to be shown."""
    return [item["requirement"] for item in items if item.get("original")]


def missing_fields(sop: Mapping[str, Any], reason: str | None, given: Mapping[str, Any]) -> list[str]:
    """Required fields without a value: they block signing, never submitting."""
    return [
        field["code"]
        for field in sop.get("fields", [])
        if applies(field, reason, given) and field.get("required") and given.get(field["code"]) in (None, "", [])
    ]


def waiting_for(
    status: str,
    *,
    introduction: str,
    verification: str,
    sent_back: bool = False,
    missing: Sequence[str] = (),
    unanswered: bool = False,
) -> str | None:
    """Whose turn it is: applicant, rt_head, witness (neighbours), officer, lurah, or nobody's."""
    only_the_introduction = introduction == "requested" and set(missing) <= {"PENGANTAR_RT"}
    asked = "officer" if unanswered else "rt_head"
    turn = {
        "draft": asked if only_the_introduction else "applicant",
        "submitted": "officer",
        "returned": "applicant",
        "received": {"failed": "officer", "witnesses": "witness"}.get(verification, "rt_head"),
        "verified": "officer" if sent_back else "lurah",
        "issued": "officer",  # to hand over
    }
    return turn.get(status)


TURNS: Mapping[str, tuple[str, ...]] = {
    "applicant": ("draft", "returned"),
    "rt_head": ("draft", "received"),
    "witness": ("received",),
    "officer": ("draft", "submitted", "received", "verified", "issued"),
    "lurah": ("verified",),
}
"""Where a case can be when it is somebody's turn (see `waiting_for`)."""

STEPS: Mapping[str, str] = {"submitted": "receive", "received": "verify", "verified": "produce", "issued": "hand-over"}
"""What is to be done next in a case of that status."""


def agenda_number(number: int, year: int) -> str:
    """The office's own running number of the year's cases."""
    return f"{number:04d}/{year}"
