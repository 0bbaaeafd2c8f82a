"""Which news go with what is erased."""

from __future__ import annotations

from contracts.erasing import whose

CASE, COMPLAINT, INTRODUCTION = (f"0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e0{number}" for number in range(3))


def test_news_of_a_complaint_go_with_it_and_not_with_the_case_that_it_is_about() -> None:
    assert whose({"complaint_id": COMPLAINT, "application_id": CASE}) == [COMPLAINT]


def test_news_of_a_case_go_with_the_case_and_with_its_introduction() -> None:
    assert whose({"application_id": CASE, "introduction_id": INTRODUCTION}) == [CASE, INTRODUCTION]
    assert whose({"application_id": CASE, "introduction_id": None}) == [CASE]
    assert whose({"kelurahan": "16.71.10.1001"}) == []
