"""The survey: how the index is computed, what may be published of it, and how an answer by chat is read."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.survey import ELEMENTS, WRONG, Given, NoSuchPeriod, in_chat, is_scored, months_of
from intake.domain.survey_index import (
    MINIMUM,
    Tally,
    band_of,
    enough,
    figures,
    rounded,
    sample_of,
    tallies,
    together,
    year_told,
)

NINE = st.lists(st.integers(1, 4), min_size=9, max_size=9)


def tally(*answers: list[int], asked: int = 0) -> Tally:
    made = Tally(asked=asked)
    for scores in answers:
        for element, score in enumerate(scores, 1):
            made.add(element, score, 1)
    return made


def test_all_fours_are_exactly_one_hundred() -> None:
    assert rounded(tally(*[[4] * 9] * 30).index()) == Decimal("100.00")


def test_all_ones_are_exactly_twenty_five() -> None:
    assert rounded(tally([1] * 9).index()) == Decimal("25.00")


def test_the_rounded_weight_of_handbooks_would_give_less() -> None:
    assert sum(Fraction(4) * Fraction(111, 1000) for _ in ELEMENTS) * 25 == Fraction(999, 10)


@given(st.lists(NINE, min_size=1, max_size=40))
def test_the_index_of_the_counts_is_that_of_the_answers(answers: list[list[int]]) -> None:
    means = [Fraction(sum(column), len(answers)) for column in zip(*answers, strict=True)]
    assert tally(*answers).index() == sum(means) / 9 * 25


@given(st.lists(NINE, min_size=1, max_size=20), st.lists(NINE, min_size=1, max_size=20))
def test_two_services_together_are_as_one(one: list[list[int]], other: list[list[int]]) -> None:
    assert together([tally(*one), tally(*other)]).counts == tally(*one, *other).counts


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_takes_a_half_up(part: int, whole: int) -> None:
    exact = Fraction(part, whole)
    assert abs(Fraction(rounded(exact)) - exact) <= Fraction(1, 200)
    assert rounded(Fraction(1, 200)) == Decimal("0.01")


@pytest.mark.parametrize(
    ("value", "band"),
    [("100.00", "A"), ("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"), ("65.00", "C"), ("64.99", "D"),
     ("25.00", "D")],
)  # fmt: skip
def test_each_band_begins_where_the_regulation_says(value: str, band: str) -> None:
    assert band_of(Decimal(value)) == band


@pytest.mark.parametrize(("people", "sample"), [(0, 0), (1, 1), (10, 10), (100, 80), (500, 217), (1000, 278)])
def test_the_sample_is_that_of_krejcie_and_morgan(people: int, sample: int) -> None:
    assert sample_of(people) == sample


def of(**answers: int) -> dict[str, Tally]:
    return {code: tally(*[[3] * 9] * many) for code, many in answers.items()}


def test_too_few_answers_have_no_index_and_enough_have_one() -> None:
    assert figures(of(KK=MINIMUM - 1)["KK"], shown=False, public=False)["index"] is None
    assert enough(of(KK=MINIMUM - 1)) == set()
    assert enough(of(KK=MINIMUM)) == {"KK"}


def test_a_service_that_would_tell_of_another_with_few_is_left_out_too() -> None:
    assert enough(of(KK=200, KTP=40, SITU=3)) == {"KK"}
    assert enough(of(KK=200, KTP=40, SITU=0)) == {"KK", "KTP"}
    assert enough(of(KK=200, NIKAH=20, SITU=10)) == {"KK"}, "the others together are enough"


@pytest.mark.parametrize(
    ("months", "told"),
    [([31, 1], False), ([31, 29, 1], True), ([31, 30], True), ([10, 10, 10], True), ([10, 10], False), ([], True)],
)
def test_a_year_is_told_where_the_months_that_are_not_make_enough_together(months: list[int], told: bool) -> None:
    assert year_told(months) is told


def test_everybody_is_told_of_too_few_only_that_they_are() -> None:
    told = figures(tally([4] * 9, asked=5), shown=False, public=True)
    assert told == {"asked": None, "answers": None, "sample": None, "enough": False, "index": None, "band": None,
                    "elements": []}  # fmt: skip
    office = figures(tally([4] * 9, asked=5), shown=False, public=False)
    assert (office["asked"], office["answers"], office["index"]) == (5, 1, None)


def test_rows_of_the_database_become_tallies_by_service() -> None:
    rows = [{"service": "KK", "element": element, "score": 4, "answers": 2} for element in range(1, 10)]
    found = tallies(rows, [{"service": "KK", "asked": 3}, {"service": "KTP", "asked": 1}])
    assert (found["KK"].answers, found["KK"].asked, found["KTP"].answers, found["KTP"].asked) == (2, 3, 0, 1)


FOURS = (4, 4, 4, 3, 4, 3, 4, 3, 4)


@pytest.mark.parametrize(
    "text",
    ["444343434", "4 4 4 3 4 3 4 3 4", "4,4,4,3,4,3,4,3,4", "444 343 434", "4\n4\n4\n3\n4\n3\n4\n3\n4", "4️⃣44343434",
     "４４４３４３４３４", "٤٤٤٣٤٣٤٣٤", "Jawaban saya: 444343434", "444343434 🙏", "4-4-4-3-4-3-4-3-4.", "444343434!"],
)  # fmt: skip
def test_nine_digits_are_an_answer_however_they_are_written(text: str) -> None:
    assert in_chat(text, quoted=False) == Given(FOURS)


def test_words_after_the_digits_are_a_comment() -> None:
    assert in_chat("444343434 petugas ramah", quoted=False) == Given(FOURS, "petugas ramah")
    assert in_chat("4 4 4 3 4 3 4 3 4, antrenya lama", quoted=False) == Given(FOURS, "antrenya lama")


@pytest.mark.parametrize("text", ["44434343", "4443434344", "444343435", "4 4 4 3 4 3 4 3 4 4", "44434"])
def test_a_wrong_count_or_digit_is_an_answer_that_went_wrong(text: str) -> None:
    assert in_chat(text, quoted=False) is WRONG
    assert in_chat(text, quoted=True) is WRONG


@pytest.mark.parametrize(
    "text", ["", "4", "halo", "terima kasih", "081271000071", "1671105503559990", "Jalan 4 RT 023", "tgl 7 mei 95", "1"]
)
def test_what_is_something_else_is_no_answer(text: str) -> None:
    assert in_chat(text, quoted=False) is None


def test_digits_to_the_invitation_itself_are_meant_for_it() -> None:
    assert in_chat("4", quoted=True) is WRONG
    assert in_chat("bantuan", quoted=True) is None


@pytest.mark.parametrize(
    "text", ["444343434 petugas kasar", "44434343", "4 4 4 3 4 3 4 3 4 3, lama", "9.9.9.9.9.9.9.9.9"]
)
def test_what_begins_as_an_answer_is_one_be_it_wrong(text: str) -> None:
    assert is_scored(text)


@pytest.mark.parametrize("text", ["2 hari lagi?", "0812 7100 0071 nomor saya", "3", "petugas 444343434", ""])
def test_other_digits_are_no_answer(text: str) -> None:
    assert not is_scored(text)


@given(st.text(max_size=80))
def test_no_text_stops_the_reading(text: str) -> None:
    found = in_chat(text, quoted=True)
    assert found is None or found is WRONG or isinstance(found, Given)


def test_a_period_is_a_year_or_a_month() -> None:
    assert [str(day) for day in months_of("2026")] == ["2026-01-01", "2026-12-01"]
    assert [str(day) for day in months_of("2026-08")] == ["2026-08-01", "2026-08-01"]
    for wrong in ("2026-13", "26", "2026-8", "", "2026\n"):
        with pytest.raises(NoSuchPeriod):
            months_of(wrong)


def test_each_element_has_its_place_and_four_answers() -> None:
    assert [one.code for one in ELEMENTS] == [f"U{number}" for number in range(1, 10)]
    assert Counter(len(one.answers) for one in ELEMENTS) == {4: 9}
    said = [said for one in ELEMENTS for words in (one.name, one.question, *one.answers) for said in words]
    assert all(said), "in both languages"


def test_a_shuffled_order_of_answers_is_the_same_index() -> None:
    chance = random.Random(7)
    answers = [[chance.randint(1, 4) for _ in ELEMENTS] for _ in range(50)]
    shuffled = chance.sample(answers, len(answers))
    assert tally(*answers).index() == tally(*shuffled).index()
