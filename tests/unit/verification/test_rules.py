"""The rules of verification by themselves. Everybody is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from contracts.phones import normalise_phone
from contracts.places import IdentityError, normalise_rt, normalise_rw, same_kelurahan
from verification.domain.dates import day_at, month_later, zone_of
from verification.domain.heads import Officeholder, decider, in_the_way
from verification.domain.tasks import (
    ATTESTATION,
    INTRODUCTION,
    TaskFile,
    failure,
    outlived,
    unanswered,
    with_earlier_verdicts,
)

DAY = date(2026, 8, 14)


def holder(role: str = "rt_head", rt: str | None = "023", **more: object) -> Officeholder:
    given: dict[str, object] = {
        "id": uuid4(), "kelurahan": "16.71.10.1001", "role": role, "rw": "005", "rt": rt,
        "from_date": date(2026, 1, 1), "to_date": None, "name": "Zulkarnain bin H. Umar", "phone": "+6281200000950",
    } | more  # fmt: skip
    return Officeholder(**given)  # type: ignore[arg-type]


HEAD, SUBSTITUTE, RW_HEAD = holder(), holder("substitute"), holder("rw_head", None)


@pytest.mark.parametrize(
    ("holders", "decides"),
    [
        ([RW_HEAD, SUBSTITUTE, HEAD], HEAD),
        ([RW_HEAD, SUBSTITUTE], SUBSTITUTE),
        ([RW_HEAD], RW_HEAD),
        ([], None),
        ([holder(rt="024"), holder(rw="006")], None),
    ],
)
def test_the_head_decides_else_his_substitute_else_the_rw_head(
    holders: list[Officeholder], decides: Officeholder | None
) -> None:
    assert decider(holders, "005", "023", DAY) == decides
    assert decider(reversed(holders), "005", "023", DAY) == decides


def test_both_ends_of_a_term_are_within_it() -> None:
    head = holder(from_date=date(2026, 8, 14), to_date=date(2026, 8, 16))
    served = [day for day in range(12, 20) if decider([head], "005", "023", date(2026, 8, day))]
    assert served == [14, 15, 16]


def test_of_several_substitutes_who_came_last_decides() -> None:
    early, late = holder("substitute"), holder("substitute", from_date=date(2026, 8, 1))
    assert decider([early, late], "005", "023", DAY) == late
    assert decider([early, late], "005", "023", date(2026, 7, 1)) == early


def test_a_term_is_in_the_way_of_another_of_the_same_office_on_the_same_day() -> None:
    first = holder(to_date=date(2026, 6, 30))
    assert in_the_way(holder(from_date=date(2026, 6, 30)), [first]) == first
    assert in_the_way(holder(from_date=date(2026, 7, 1)), [first]) is None
    assert in_the_way(holder(rt="024"), [first]) is None
    assert in_the_way(first, [first]) is None
    assert in_the_way(SUBSTITUTE, [holder("substitute")]) is None
    assert in_the_way(holder("rw_head", None), [RW_HEAD]) == RW_HEAD


def test_names_and_numbers_are_not_in_a_repr() -> None:
    assert "Zulkarnain" not in repr(HEAD)
    assert "62812" not in repr(HEAD)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        (["genuine", "genuine"], None),
        ([], None),
        (["genuine", "bring_original"], "bring_original"),
        (["bring_original", "doubtful"], "doubtful"),
    ],
)
def test_doubtful_wins_over_bring_original(verdicts: list[str], reason: str | None) -> None:
    assert failure(verdicts) == reason


def a_file(requirement: str = "KTP", sha256: str = "a" * 64, **more: object) -> TaskFile:
    return TaskFile(uuid4(), requirement, sha256, "image/jpeg", **more)  # type: ignore[arg-type]


def test_a_verdict_stands_for_the_same_bytes_at_the_same_place_only() -> None:
    judge: UUID = uuid4()
    earlier = [a_file(verdict="genuine", judged_by=judge)]
    same, other_bytes, other_place = a_file(), a_file(sha256="b" * 64), a_file("KK")
    found = with_earlier_verdicts([same, other_bytes, other_place], earlier)
    assert [(file.verdict, file.carried, file.judged_by) for file in found] == [
        ("genuine", True, judge), (None, False, None), (None, False, None)
    ]  # fmt: skip
    assert unanswered(found) == found[1:]


def test_the_newest_word_counts() -> None:
    earlier = [a_file(verdict="bring_original"), a_file(verdict="genuine")]
    assert with_earlier_verdicts([a_file()], earlier)[0].verdict == "genuine"


def test_what_was_seen_in_the_original_is_genuine_whatever_was_said() -> None:
    found = with_earlier_verdicts([a_file(original_seen=True)], [a_file(verdict="bring_original")])
    assert (found[0].verdict, found[0].carried) == ("genuine", True)


def test_an_attestation_lives_while_the_case_is_received() -> None:
    assert not outlived(ATTESTATION, "received")
    assert all(outlived(ATTESTATION, status) for status in ("returned", "withdrawn", "verified", "rejected"))


def test_an_introduction_lives_until_the_case_has_ended() -> None:
    assert not any(outlived(INTRODUCTION, status) for status in ("draft", "submitted", "returned", "received"))
    assert all(outlived(INTRODUCTION, status) for status in ("withdrawn", "rejected", "expired", "completed"))


@pytest.mark.parametrize(
    ("kelurahan", "zone"),
    [("16.71.10.1001", "Asia/Jakarta"), ("73.71.01.1001", "Asia/Makassar"), ("94.71.01.1001", "Asia/Jayapura")],
)
def test_a_zone_is_known_from_the_province(kelurahan: str, zone: str) -> None:
    assert zone_of(kelurahan) == zone


def test_business_dates_are_the_offices() -> None:
    half_past_midnight = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert day_at(half_past_midnight, "Asia/Jakarta") == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 8, 14), date(2026, 9, 14)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, later: date) -> None:
    assert month_later(day) == later


@pytest.mark.parametrize("text", ["0812 3456 7890", "+62 812-3456-7890", "6281234567890", "0062 812 3456 7890"])
def test_phones_are_e164_however_they_are_written(text: str) -> None:
    assert normalise_phone(text) == "+6281234567890"


@pytest.mark.parametrize("text", ["", "0711 350350", "12", "abc"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        normalise_phone(text)


def test_rt_and_rw_are_three_digits_and_not_each_other() -> None:
    assert {normalise_rt(text) for text in ("23", "RT.23", "rt 023", "RT-23")} == {"023"}
    assert {normalise_rw(text) for text in ("5", "RW.5", "rw 005")} == {"005"}
    for wrong in ("RW 5", "0", "1000", "RT"):
        with pytest.raises(IdentityError):
            normalise_rt(wrong)


@pytest.mark.parametrize("text", ["Bukitsangkal", "BUKIT SANGKAL", "Kel. Bukit Sangkal", "Kelurahan Bukit-Sangkal"])
def test_a_kelurahan_is_known_by_any_spelling(text: str) -> None:
    assert same_kelurahan(text, "Bukit Sangkal")


@pytest.mark.parametrize("text", ["", "Bukit Lama", "Bukit Sangkal Baru", "Kel."])
def test_another_kelurahan_is_another(text: str) -> None:
    assert not same_kelurahan(text, "Bukit Sangkal")
