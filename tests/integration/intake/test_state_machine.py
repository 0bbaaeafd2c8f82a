"""One case driven through the HTTP API by everybody at once, in any order: never an illegal state, a lost file, or a
timeline that does not explain the state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from intake.domain.applications import ENDED, STATUSES, TRANSITIONS
from intake.usecases import escalation, upkeep
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, events_of, lines_of, path, put_file, show
from tests.integration.intake.test_originals import seen_by_the_head
from tests.integration.intake.test_transitions import ACTIONS, CALLERS, bring_original
from tests.support.services import InProcess

pytestmark = pytest.mark.timeout(600)
FRIDAY = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
REQUIREMENTS = ("PENGANTAR_RT", "SURAT_KEHILANGAN")


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = FRIDAY
    yield
    with intake.deps.db.transaction("*") as tx:  # later tests begin in the past again
        tx.execute("UPDATE application SET next_warning_at = NULL")
    intake.clock.at = FRIDAY


class OneCase(RuleBasedStateMachine):
    """`steps` are the moves that were answered with success, or that another service's word made."""

    intake: InProcess

    @initialize()
    def open(self) -> None:
        self.intake.clock.at = FRIDAY
        self.case = cast.opened(self.intake)
        self.sent: dict[str, set[UUID]] = {name: set() for name in REQUIREMENTS}
        for name in REQUIREMENTS:
            self.sent[name].add(put_file(self.intake, self.case["id"], name))

    # --- people ------------------------------------------------------------------------------------------

    @rule(requirement=st.sampled_from(REQUIREMENTS))
    def send_a_file(self, requirement: str) -> None:
        if show(self.intake, self.case["id"])["status"] in ("draft", "returned"):
            self.sent[requirement].add(put_file(self.intake, self.case["id"], requirement))

    @rule(action=st.sampled_from(sorted(ACTIONS)), caller=st.sampled_from(sorted(CALLERS)))
    def somebody_acts(self, action: str, caller: str) -> None:
        before = self.look()
        method, where, sent = ACTIONS[action]
        role, who = CALLERS[caller]
        address = path(self.case["id"], where) if where else path(self.case["id"])
        answer = self.intake.call(method, address, role, who=who, json=sent)
        assert answer.status_code in (200, 403, 404, 409, 422), answer.json
        offered = caller in ("owner", "officer") and action in before["actions"][caller]
        if answer.status_code == 200:
            assert offered, f"{action} was done and not offered to {caller}"
        else:
            # `show-original` names one item, which may not be the one that is wanted
            assert not offered or action == "show-original", f"{action} was offered to {caller}: {answer.json}"
            assert self.look() == before

    @rule(data=st.data(), caller=st.sampled_from(["owner", "officer"]))
    def somebody_does_what_he_is_offered(self, data: st.DataObject, caller: str) -> None:
        offered = sorted(set(self.look()["actions"][caller]) & set(ACTIONS) - {"withdraw", "reject"})
        if offered:
            self.somebody_acts(data.draw(st.sampled_from(offered)), caller)

    @rule(verdict=st.sampled_from(["passed", "original", "doubtful"]))
    def it_goes_on(self, verdict: str) -> None:
        """Without this one a walk at random seldom comes far: most end early."""
        match self.look()["status"]:
            case "draft":
                self.somebody_acts("submit", "owner")
            case "submitted":
                self.somebody_acts("receive", "officer")
            case "returned":
                self.somebody_acts("resubmit", "owner")
            case "received":
                self.another_service_speaks(verdict)
            case "verified":
                self.another_service_speaks("produced")
            case "issued":
                self.another_service_speaks("handed_over")

    # --- other services -----------------------------------------------------------------------------------

    @rule(word=st.sampled_from(["passed", "doubtful", "original", "seen", "produced", "sent_back", "handed_over"]))
    def another_service_speaks(self, word: str) -> None:
        case, intake = self.case["id"], self.intake
        status = show(intake, case)["status"]
        if word == "handed_over" and status == "verified":
            return  # it comes back later, see test_races
        match word:
            case "passed" | "doubtful":
                cast.verdict(intake, case, passed=word == "passed")
            case "original":
                bring_original(intake, self.case)
            case "seen":
                seen_by_the_head(intake, self.case, "SURAT_KEHILANGAN")
            case "produced":
                cast.produced(intake, case)
            case "sent_back":
                cast.sent_back(intake, case)
            case _:
                cast.handed_over(intake, case)

    @precondition(lambda self: self.look()["introduction"]["status"] == "requested")
    @rule(granted=st.booleans())
    def the_rt_head_answers(self, granted: bool) -> None:
        introduction = show(self.intake, self.case["id"])["introduction"]["id"]
        (cast.granted if granted else cast.refused)(self.intake, self.case["id"], introduction)

    # --- time -----------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 9]))
    def time_passes(self, hours: int) -> None:
        self.intake.clock.at += timedelta(hours=hours)
        escalation.tell_due(self.intake.deps)
        while upkeep.expire_idle(self.intake.deps) == upkeep.BATCH:
            pass

    # --- what always holds ------------------------------------------------------------------------------------

    def look(self) -> dict[str, Any]:
        """The case as the office sees it, with what its owner and an officer may do."""
        shown = show(self.intake, self.case["id"])
        owner = show(self.intake, self.case["id"], "applicant", ROHANA)
        return shown | {"actions": {"officer": shown["actions"], "owner": owner["actions"]}}

    @invariant()
    def every_move_is_in_the_table_and_told_once(self) -> None:
        if not hasattr(self, "case"):
            return
        told_of_it = [event["type"] for event in events_of(self.intake, self.case["id"])]
        moves = [told for told in told_of_it if told.startswith("application.")]
        status = "draft"
        for told in moves[1:]:
            if told == "application.changed":
                continue
            targets = {one.target for one in TRANSITIONS if status in one.sources and one.event == told}
            assert len(targets) == 1, f"{told} from {status}"
            status = targets.pop()
        assert status == show(self.intake, self.case["id"])["status"]
        assert status in STATUSES

    @invariant()
    def the_timeline_explains_the_state(self) -> None:
        if not hasattr(self, "case"):
            return
        lines = lines_of(self.intake, self.case["id"])
        assert lines[-1]["status"] == show(self.intake, self.case["id"])["status"]
        assert [line["status"] for line in lines].count("draft") >= 1
        ended = [number for number, line in enumerate(lines) if line["status"] in ENDED]
        assert all(lines[number]["status"] == lines[ended[0]]["status"] for number in ended)

    @invariant()
    def no_file_is_lost(self) -> None:
        if not hasattr(self, "case"):
            return
        answer = self.intake.call("GET", path(self.case["id"], "files"), "officer", who=YANTI)
        kept = {UUID(file["file_id"]) for file in answer.json["items"]}
        assert kept >= set().union(*self.sent.values())

    @invariant()
    def a_promise_is_shown_exactly_while_the_clock_runs(self) -> None:
        if not hasattr(self, "case"):
            return
        shown = show(self.intake, self.case["id"])
        if shown["status"] in ("submitted", "received", "verified", "issued", "completed"):
            assert shown["promised_at"] is not None
        if shown["status"] in ("draft", "returned"):
            assert shown["promised_at"] is None or shown["status"] == "returned"


@pytest.mark.parametrize("walks", [12, pytest.param(120, marks=[pytest.mark.fuzz, pytest.mark.timeout(3600)])])
def test_one_case_by_everybody_at_once(intake: InProcess, walks: int) -> None:
    machine = type("OneCaseHere", (OneCase,), {"intake": intake})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=walks, stateful_step_count=30, derandomize=True, database=None, deadline=None,
            phases=[Phase.generate],  # shrinking takes minutes here
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
