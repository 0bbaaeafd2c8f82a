"""Every status × every action × every role: the refused change nothing, the allowed are told by exactly one event."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.domain.applications import CHANGES, IDLE, STATUSES, TRANSITIONS
from intake.usecases import upkeep
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF, lines_of, opened, path, put_file, show, step
from tests.integration.intake.test_originals import seen_by_the_head, wanted
from tests.support.services import InProcess

pytestmark = pytest.mark.timeout(300)
FRIDAY = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
Case = dict[str, Any]

REASON = {"reason": "Karena begitu"}
ITEMS = {"items": [{"requirement": "SURAT_KEHILANGAN", "problem": "Buram"}]}
ACTIONS: dict[str, tuple[str, str, Any]] = {
    "submit": ("POST", "submission", {}),
    "receive": ("POST", "receipt", {}),
    "return": ("POST", "return", ITEMS),
    "show-original": ("POST", "originals", {"requirements": ["SURAT_KEHILANGAN"]}),
    "resubmit": ("POST", "resubmission", {}),
    "override-attestation": ("POST", "attestation-override", REASON),
    "reject": ("POST", "rejection", REASON),
    "withdraw": ("POST", "withdrawal", REASON),
    "edit": ("PATCH", "", {"details": {"remarks": "Dibantu tetangga"}}),
    "request-introduction": ("POST", "introduction", {"purpose": "Pengurusan KK"}),
    "waive-introduction": ("POST", "introduction/waiver", REASON),
    "waive-requirement": ("POST", "requirements/SURAT_KEHILANGAN/waiver", REASON),
    "give-consent": ("POST", "consent", {"method": "in_person"}),
    "revoke-consent": ("POST", "consent/revocation", {}),
}
"""What people do. A file is another matter: its bytes are judged first (see test_files)."""
CALLERS: dict[str, tuple[str, dict[str, str]]] = {
    "owner": ("applicant", ROHANA),
    "another applicant": ("applicant", YUSUF),
    "officer": ("officer", YANTI),
    "lurah": ("lurah", {"sub": "lurah:bukit-sangkal"}),
    "rt_head": ("rt_head", {"sub": "head-023", "rt": "023", "rw": "005"}),
    "administrator": ("administrator", {"sub": "admin"}),
}


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = FRIDAY
    yield
    intake.clock.at = FRIDAY


def complete_draft(intake: InProcess, **more: Any) -> Case:
    case = opened(intake, **more)
    put_file(intake, case["id"], "PENGANTAR_RT")
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    return case


def returned(intake: InProcess, **more: Any) -> Case:
    return step(intake, cast.submitted(intake, **more)["id"], "return", sent=ITEMS)


def doubted(intake: InProcess, **more: Any) -> Case:
    case = cast.received(intake, **more)
    cast.verdict(intake, case["id"], passed=False)
    return case


def completed(intake: InProcess) -> Case:
    case = cast.issued(intake)
    cast.handed_over(intake, case["id"])
    return case


def ended(action: str) -> Callable[[InProcess], Case]:
    return lambda intake: step(intake, cast.submitted(intake)["id"], ACTIONS[action][1], sent=REASON)


def expired(intake: InProcess) -> Case:
    case = opened(intake)
    intake.clock.at = FRIDAY + IDLE + timedelta(seconds=1)
    upkeep.expire_idle(intake.deps)
    intake.clock.at = FRIDAY
    return case


MAKE: dict[str, Callable[[InProcess], Case]] = {
    "draft": complete_draft,
    "submitted": cast.submitted,
    "returned": returned,
    "received": doubted,
    "verified": cast.verified,
    "issued": cast.issued,
    "completed": completed,
    "rejected": ended("reject"),
    "withdrawn": ended("withdraw"),
    "expired": expired,
}
HELPER = {"name": "Nur'aini", "phone": "+6281271000072", "relation": "tetangga"}


def with_help(make: Callable[..., Case]) -> Callable[[InProcess], Case]:
    return lambda intake: make(intake, helper=HELPER)


HELPED: dict[str, Callable[..., Case]] = {
    "draft": complete_draft,
    "submitted": cast.submitted,
    "returned": returned,
    "received": doubted,
    "verified": cast.verified,
}
SPECIAL: dict[tuple[str, str], Callable[[InProcess], Case]] = {
    ("returned", "show-original"): lambda intake: wanted(intake, "SURAT_KEHILANGAN")
} | {
    (status, action): with_help(make)
    for status, make in HELPED.items()
    for action in ("give-consent", "revoke-consent")
}


def table(action: str, status: str, role: str) -> bool:
    """What the one table says."""
    return any(one.action == action and status in one.sources and role in one.by for one in (*TRANSITIONS, *CHANGES))


def do(intake: InProcess, case: Case, action: str, caller: str) -> Any:
    method, where, sent = ACTIONS[action]
    role, who = CALLERS[caller]
    address = path(case["id"], where) if where else path(case["id"])
    return intake.call(method, address, role, who=who, json=sent)


def refusal(action: str, caller: str) -> int:
    """Whose address it is not: 403. Whose case it is not: 404. Who may, but not now: 409."""
    by = {role for one in (*TRANSITIONS, *CHANGES) if one.action == action for role in one.by}
    if caller == "officer":
        return 409
    if caller not in ("owner", "another applicant") or not by & {"owner", "resident"}:
        return 403
    return 409 if caller == "owner" else 404


def traces(intake: InProcess, case: Case) -> tuple[int, int, int, str]:
    """What an action could leave: events, lines, the row's version, its status."""
    shown = show(intake, case["id"])
    return len(intake.told()), len(lines_of(intake, case["id"])), shown["version"], shown["status"]


def test_the_addresses_are_all_that_people_may_do() -> None:
    by_people = {one.action for one in (*TRANSITIONS, *CHANGES) if one.by & {"owner", "resident", "officer"}}
    assert set(ACTIONS) == by_people - {"add-file", "add-handover-paper"}
    assert set(MAKE) == set(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
def test_what_the_table_refuses_changes_nothing(intake: InProcess, status: str) -> None:
    case = MAKE[status](intake)
    before = traces(intake, case)
    assert before[3] == status
    for action, caller in itertools.product(ACTIONS, CALLERS):
        if not table(action, status, caller):
            answer = do(intake, case, action, caller)
            assert answer.status_code == refusal(action, caller), (action, caller, answer.json)
    assert traces(intake, case) == before


ALLOWED = [
    (status, action, caller)
    for status, action, caller in itertools.product(STATUSES, ACTIONS, ("owner", "officer"))
    if table(action, status, caller) and (action, caller) != ("give-consent", "owner")  # with a code: see test_consent
]


@pytest.mark.parametrize(("status", "action", "caller"), ALLOWED)
def test_what_the_table_allows_is_told_by_one_event(intake: InProcess, status: str, action: str, caller: str) -> None:
    case = SPECIAL.get((status, action), MAKE[status])(intake)
    events = len(intake.told())
    answer = do(intake, case, action, caller)
    assert answer.status_code == 200, answer.json
    step_of = next((one for one in TRANSITIONS if one.action == action and status in one.sources), None)
    assert answer.json["status"] == (step_of.target if step_of else status)
    [told] = [event for event in intake.told()[events:] if event["type"] != "message.requested"]
    wanted_event = {"request-introduction": "introduction.requested"}.get(action, "application.changed")
    assert told["type"] == (step_of.event if step_of else wanted_event)


def bring_original(intake: InProcess, case: Case) -> None:
    files = show(intake, case["id"])["files"]
    verdicts = [
        {"file_id": str(file["file_id"]), "requirement": file["requirement"], "verdict": "bring_original"}
        for file in files
    ]
    cast.verdict(intake, case["id"], passed=False, reason="bring_original", verdicts=verdicts)


def expire(intake: InProcess, _case: Case) -> None:
    intake.clock.at = FRIDAY + IDLE + timedelta(days=1)
    upkeep.expire_idle(intake.deps)


def void(intake: InProcess, case: Case) -> None:
    cast.voided(intake, case["id"], cast.letter(intake, case["id"]))


OTHERS: dict[str, tuple[str, Callable[[InProcess, Case], Any]]] = {
    "verify": ("verification", lambda intake, case: cast.verdict(intake, case["id"])),
    "ask-original": ("verification", bring_original),
    "produce": ("documents", lambda intake, case: cast.produced(intake, case["id"])),
    "void-letter": ("documents", void),
    "hand-over": ("documents", lambda intake, case: cast.handed_over(intake, case["id"])),
    "expire": ("system", expire),
    "show-original": ("verification", lambda intake, case: seen_by_the_head(intake, case, "SURAT_KEHILANGAN")),
}
AGAIN = {("hand-over", "verified")}
"""What must come first is still on its way: the event comes back later (see test_races)."""


@pytest.mark.parametrize(
    ("action", "status"), [pair for pair in itertools.product(OTHERS, STATUSES) if pair not in AGAIN]
)
def test_what_others_decide_moves_a_case_from_where_the_table_says_only(
    intake: InProcess, action: str, status: str
) -> None:
    role, decide = OTHERS[action]
    case = SPECIAL.get((status, action), MAKE[status])(intake)
    events, version = len(intake.told()), show(intake, case["id"])["version"]
    decide(intake, case)
    about = [event for event in intake.told()[events:] if event["subject"] == case["id"]]
    if table(action, status, role):
        step_of = next(one for one in TRANSITIONS if one.action == action and status in one.sources)
        assert [event["type"] for event in about] == [step_of.event]
        assert show(intake, case["id"])["status"] == step_of.target
    else:
        assert about == []
        assert show(intake, case["id"])["status"] == status
        assert show(intake, case["id"])["version"] in (version, version + 1 if action == "ask-original" else version)
