"""A letter names the official who is in office on its date; drafts follow when another takes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from documents.jobs import TIMERS
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.integration.documents.test_decisions import slug
from tests.integration.documents.test_templates import publish
from tests.support.services import InProcess
from tests.unit.documents.pdf import squashed, text_of

LAST_DAY = datetime(2026, 8, 31, 16, 59, 59, tzinfo=UTC)  # one second before midnight in Palembang
HEAD = story.OFFICE["officials"][0]
NEXT = HEAD | {"name": "Drs. H. Zainal Arifin, M.M.", "nip": "197500002000001001", "rank": "Penata Tk. I (III/d)"}
CHANGE = [HEAD | {"to": "2026-08-31"}, NEXT | {"from": "2026-09-01"}]


@pytest.fixture
def desk(desk: InProcess) -> Iterator[InProcess]:
    """The desk on the outgoing lurah's last evening; afterwards everything is as before."""
    before = desk.clock.at
    desk.clock.at = LAST_DAY
    story.office(desk, officials=CHANGE)
    desk.work()
    yield desk
    desk.clock.at = before
    story.office(desk)


def words_of(desk: InProcess, letter: dict[str, Any], which: str = "content") -> str:
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/{which}", "lurah")
    assert answer.status_code == 200, answer.text
    return text_of(answer.data)


def test_letters_of_two_days_name_the_lurah_of_their_own_day(desk: InProcess) -> None:
    old, new = Case(desk).issued(), Case(desk, "KTP")
    desk.clock.at += timedelta(seconds=1)
    new.issued()
    first, second = words_of(desk, old.letter()), words_of(desk, new.letter())
    assert old.letter()["dated"] == "2026-08-31" and new.letter()["dated"] == "2026-09-01"
    assert squashed(HEAD["name"]) in first and squashed(NEXT["name"]) not in first
    assert squashed(NEXT["name"]) in second and squashed(HEAD["name"]) not in second
    assert squashed("Penata Tk. I (III/d)NIP197500002000001001") in second


def test_a_draft_that_names_the_one_before_is_not_signed_and_is_drawn_up_again(desk: InProcess) -> None:
    case, done = Case(desk).verified(), Case(desk, "KTP").issued()
    issued = desk.call("GET", f"/v1/letters/{done.letter()['id']}/content", "lurah").data
    desk.clock.at += timedelta(seconds=1)
    refused = case.decide()
    assert refused.status_code == 409 and slug(refused) == "signer-changed"
    assert case.letter()["status"] == "drafted" and case.letter()["number"] is None
    TIMERS["follow-terms"].work(desk.deps)
    desk.work()
    assert case.decide().status_code == 200
    desk.work()
    assert squashed(NEXT["name"]) in words_of(desk, case.letter())
    before = case.letter()
    TIMERS["follow-terms"].work(desk.deps)
    desk.work()
    assert case.letter() == before
    assert desk.call("GET", f"/v1/letters/{done.letter()['id']}/content", "lurah").data == issued


def test_an_offices_own_lines_above_the_signer_make_nobody_else_of_him(desk: InProcess) -> None:
    publish(desk, "ktp_introduction", {"signer": ["PEMERINTAH KOTA PALEMBANG"]})
    case = Case(desk, "KTP").verified()
    before = case.letter()
    TIMERS["follow-terms"].work(desk.deps)
    assert case.letter() == before
    desk.clock.at += timedelta(seconds=1)
    assert slug(case.decide()) == "signer-changed"
    TIMERS["follow-terms"].work(desk.deps)
    desk.work()
    assert case.decide().status_code == 200
    desk.work()
    printed = words_of(desk, case.letter())
    assert squashed("PEMERINTAH KOTA PALEMBANG Lurah Bukit Sangkal,") in printed and squashed(NEXT["name"]) in printed
    publish(desk, "ktp_introduction", {})


def test_on_other_days_no_draft_is_touched(desk: InProcess) -> None:
    case = Case(desk).verified()
    before = case.letter()
    TIMERS["follow-terms"].work(desk.deps)
    assert case.letter() == before


def test_a_day_without_a_signer_is_refused_until_one_is_named(desk: InProcess) -> None:
    story.office(desk, officials=CHANGE[:1])
    desk.work()
    early = Case(desk).verified()
    desk.clock.at += timedelta(seconds=1)
    refused = early.decide()
    assert refused.status_code == 409 and slug(refused) == "no-signer", refused.text
    assert refused.json["date"] == "2026-09-01" and "Plt." in refused.json["detail"]
    late = Case(desk, "KTP").verified()
    assert late.letter()["incomplete"] == ["office.lurah"]
    refused = late.decide()
    assert slug(refused) == "letter-incomplete" and "Plt." in refused.json["detail"]
    acting = {"role": "lurah", "name": "Nyayu Fatimah, S.IP.", "position": "Lurah Bukit Sangkal", "acting": "plt",
              "from": "2026-09-01", "to": "2026-10-31", "rank": None, "nip": None}  # fmt: skip
    story.office(desk, officials=[*CHANGE[:1], acting])
    desk.work()
    for case in (early, late):
        assert case.decide().status_code == 200
    desk.work()
    assert squashed("Plt. Lurah Bukit Sangkal,") in words_of(desk, late.letter())
    assert squashed("Nyayu Fatimah, S.IP.") in words_of(desk, early.letter())
