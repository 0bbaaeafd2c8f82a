"""Two services decide at once: each row of the table that intake can show has a test of its name here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from intake.domain.races import RACES, Outcome, Race
from kit.errors import Retryable
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, events_of, lines_of, path, show, step
from tests.support.services import InProcess

Case = dict[str, Any]


def _withdrawn(intake: InProcess) -> Case:
    return step(intake, cast.verified(intake)["id"], "withdrawal", "applicant")


def _rejected(intake: InProcess) -> Case:
    return step(intake, cast.verified(intake)["id"], "rejection", sent={"reason": "Bukan warga"})


def _returned(intake: InProcess) -> Case:
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Tidak terbaca"}]
    return step(intake, cast.received(intake)["id"], "return", sent={"items": items})


def _resubmitted(intake: InProcess) -> Case:
    return step(intake, _returned(intake)["id"], "resubmission", "applicant")


def _overridden(intake: InProcess) -> Case:
    case = cast.received(intake)
    cast.verdict(intake, case["id"], passed=False)
    return step(intake, case["id"], "attestation-override", sent={"reason": "Asli sudah dilihat"})


def _withdrawn_before_introduction(intake: InProcess) -> Case:
    case = cast.opened(intake)
    step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    return step(intake, case["id"], "withdrawal", "applicant")


def _submitted_before_introduction(intake: InProcess) -> Case:
    case = cast.opened(intake)
    step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    cast.put_file(intake, case["id"], "PENGANTAR_RT")
    cast.put_file(intake, case["id"], "SURAT_KEHILANGAN")
    return step(intake, case["id"], "submission", "applicant")


def _rejected_while_received(intake: InProcess) -> Case:
    return step(intake, cast.received(intake)["id"], "rejection", sent={"reason": "Bukan warga"})


def _with_letter(before: Callable[[InProcess], Case], after: str) -> Callable[[InProcess], Case]:
    """A case whose letter was issued before somebody did something to it."""

    def make(intake: InProcess) -> Case:
        case = before(intake)
        case["letter"] = cast.letter(intake, case["id"])
        if after == "withdrawal":
            step(intake, case["id"], "withdrawal", "applicant")
        if after == "hand-over":
            cast.handed_over(intake, case["id"])
        return show(intake, case["id"]) | {"letter": case["letter"]}

    return make


def _edit(intake: InProcess, case: Case) -> int:
    change = {"applicant": {"name": "Rohana binti Zainal"}}
    response = intake.call("PATCH", path(case["id"]), "officer", who=YANTI, json=change)
    return int(response.status_code)


def _introduction(tell: Callable[..., bool]) -> Callable[[InProcess, Case], Any]:
    return lambda intake, case: tell(intake, case["id"], case["introduction"]["id"])


Arrange = Callable[[InProcess], Case]
Arrive = Callable[[InProcess, Case], Any]

SHOWN: dict[str, tuple[Arrange, Arrive]] = {
    "withdrawn while a letter is being issued": (_withdrawn, lambda i, case: cast.letter(i, case["id"])),
    "letter voided after the withdrawal": (
        _with_letter(cast.verified, "withdrawal"), lambda i, case: cast.voided(i, case["id"], case["letter"])
    ),
    "production done for a withdrawn case": (_withdrawn, lambda i, case: cast.produced(i, case["id"])),
    "rejected while drafting": (_rejected, lambda i, case: cast.produced(i, case["id"])),
    "corrected while drafting": (cast.verified, _edit),
    "corrected after the letters were issued": (cast.issued, _edit),
    "returned while verification passes": (_returned, lambda i, case: cast.verdict(i, case["id"])),
    "returned while verification fails": (_returned, lambda i, case: cast.verdict(i, case["id"], passed=False)),
    "resubmitted before the old verdict comes": (_resubmitted, lambda i, case: cast.verdict(i, case["id"])),
    "verdict after the officer overrode": (_overridden, lambda i, case: cast.verdict(i, case["id"])),
    "doubt after the officer overrode": (_overridden, lambda i, case: cast.verdict(i, case["id"], passed=False)),
    "withdrawn while verification passes": (
        lambda i: step(i, cast.received(i)["id"], "withdrawal", "applicant"),
        lambda i, case: cast.verdict(i, case["id"]),
    ),
    "rejected while verification fails": (
        _rejected_while_received, lambda i, case: cast.verdict(i, case["id"], passed=False)
    ),
    "introduction granted after withdrawal": (_withdrawn_before_introduction, _introduction(cast.granted)),
    "introduction refused after submission": (_submitted_before_introduction, _introduction(cast.refused)),
    "sent back after the withdrawal": (_withdrawn, lambda i, case: cast.sent_back(i, case["id"])),
    "handed over before the production is told": (cast.verified, lambda i, case: cast.handed_over(i, case["id"])),
    "letter voided while it is handed over": (
        _with_letter(cast.issued, "hand-over"), lambda i, case: cast.voided(i, case["id"], case["letter"])
    ),
}  # fmt: skip

OURS = [race for race in RACES if race.shown == "intake"]


def test_each_row_is_shown() -> None:
    assert list(SHOWN) == [race.name for race in OURS]


@pytest.mark.parametrize("race", OURS, ids=lambda race: race.name)
def test_race(intake: InProcess, race: Race) -> None:
    arrange, arrive = SHOWN[race.name]
    case = arrange(intake)
    assert case["status"] == race.status
    moves = _moves(intake, case)
    if race.outcome is Outcome.AGAIN:
        with pytest.raises(Retryable):
            arrive(intake, case)
    else:
        came = arrive(intake, case)
        _look(intake, race, case, came)
    assert show(intake, case["id"])["status"] == race.status
    assert _moves(intake, case) == moves


def _moves(intake: InProcess, case: Case) -> list[str]:
    """The transitions that were told."""
    return [e["type"] for e in events_of(intake, case["id"]) if e["type"] != "application.changed"]


def _look(intake: InProcess, race: Race, case: Case, came: Any) -> None:
    now = show(intake, case["id"])
    last = lines_of(intake, case["id"])[-1]
    if race.event == "edit":
        assert came == (200 if race.outcome is Outcome.KEEP else 409)
        assert now["version"] == case["version"] + (1 if race.outcome is Outcome.KEEP else 0)
    elif race.outcome is Outcome.NOTE:
        assert (last["event"], last["note"]) == (race.event.replace(".", "_"), "too_late")
        assert now["version"] == case["version"]
        assert now["verification"] == case["verification"]
    elif race.event.startswith("letter"):
        expected = {"letter.issued": "issued", "letter.voided": "void"}[race.event]
        letter_id = str(came if race.event == "letter.issued" else case["letter"])
        assert {found["letter_id"]: found["status"] for found in now["letters"]}[letter_id] == expected
    else:
        assert now["introduction"]["status"] == "refused"


def test_corrected_while_drafting_is_told(intake: InProcess) -> None:
    case = cast.verified(intake)
    assert _edit(intake, case) == 200
    told = events_of(intake, case["id"])[-1]
    assert told["type"] == "application.changed"
    assert told["data"]["status"] == "verified"
    assert told["data"]["person"]["applicant"]["name"] == "Rohana binti Zainal"


def test_an_old_verdict_does_not_count_for_new_files(intake: InProcess) -> None:
    case = cast.submitted(intake)
    judged = [
        {"file_id": file["file_id"], "requirement": file["requirement"], "verdict": "genuine"} for file in case["files"]
    ]
    step(intake, case["id"], "receipt")
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Tidak terbaca"}]
    step(intake, case["id"], "return", sent={"items": items})
    cast.put_file(intake, case["id"], "SURAT_KEHILANGAN")
    step(intake, case["id"], "resubmission", "applicant", who=ROHANA)
    step(intake, case["id"], "receipt")
    cast.verdict(intake, case["id"], verdicts=judged)
    assert show(intake, case["id"])["status"] == "received"
    assert lines_of(intake, case["id"])[-1]["note"] == "older_files"


def test_a_voided_letter_brings_an_issued_case_back(intake: InProcess) -> None:
    case = cast.verified(intake)
    letter_id = cast.letter(intake, case["id"])
    cast.produced(intake, case["id"])
    cast.voided(intake, case["id"], letter_id)
    assert show(intake, case["id"])["status"] == "verified"
    assert [line["event"] for line in lines_of(intake, case["id"])][-2:] == ["letter_voided", "verified"]
    cast.letter(intake, case["id"], number="400.12.2.1/002/KEL-BS/VIII/2026")
    cast.produced(intake, case["id"])
    assert show(intake, case["id"])["status"] == "issued"
    assert [found["status"] for found in show(intake, case["id"])["letters"]].count("void") == 1


def test_the_news_of_a_letter_after_the_news_that_it_is_void(intake: InProcess) -> None:
    case = cast.verified(intake)
    letter_id = uuid4()
    cast.voided(intake, case["id"], letter_id)
    cast.letter(intake, case["id"], letter_id)
    assert [found["status"] for found in show(intake, case["id"])["letters"]] == ["void"]
