"""In which form a message may go, what helps when it does not, and what it costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from notify.catalogue import example, values_of
from notify.domain.failures import CLOUD_API, PAIR_GAP, Remedy, gap, remedy_of
from notify.domain.fitting import Capability
from notify.domain.notices import NOTICES
from notify.domain.policy import (
    Form,
    Prices,
    category_of,
    form_of,
    month_of,
    next_channel,
    parameters,
    passed,
    prices,
)
from notify.domain.words import masked_numbers
from notify.texts import LANGUAGES, source, templates

META: frozenset[Capability] = frozenset({"text", "template", "chat"})
OWN: frozenset[Capability] = frozenset({"text", "chat"})
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("template", "can", "since", "closed", "form"),
    [
        ("submitted", META, timedelta(0), False, "free"),
        ("submitted", META, DAY - SECOND, False, "free"),
        ("submitted", META, DAY, False, "template"),
        ("submitted", META, None, False, "template"),
        ("submitted", META, timedelta(0), True, "template"),
        ("talk_welcome", META, DAY - SECOND, False, "free"),
        ("talk_welcome", META, DAY, False, None),
        ("head_task", META, None, False, None),
        ("submitted", OWN, None, False, "free"),
        ("talk_welcome", OWN, None, True, "free"),
    ],
)
def test_free_text_for_a_day_after_he_wrote_and_templates_outside(
    template: str, can: frozenset[Capability], since: timedelta | None, closed: bool, form: Form | None
) -> None:
    assert form_of(template, can, since, closed=closed) == form


@pytest.mark.parametrize(
    ("code", "status", "remedy"),
    [
        (131047, 400, "template"), (131026, 400, "elsewhere"), (131062, 400, "elsewhere"), (131056, 400, "wait"),
        (130429, 429, "retry"), (131048, 400, "retry"), (80007, 429, "retry"), (131000, 500, "retry"),
        (131016, 500, "retry"), (131049, 400, "later"), (131008, 400, "wrong"), (131009, 400, "wrong"),
        (132000, 400, "wrong"), (132001, 404, "wrong"), (132015, 400, "wrong"), (190, 401, "park"), (368, 403, "park"),
        (None, 500, "retry"), (None, 429, "retry"), (None, 401, "park"), (None, 404, "wrong"), (999999, 400, "wrong"),
        (999999, 503, "retry"),
    ],
)  # fmt: skip
def test_the_code_decides(code: int | None, status: int, remedy: Remedy) -> None:
    assert remedy_of(code, status) == remedy


@pytest.mark.parametrize("remedy", ["retry", "wait"])
def test_gaps_grow_whatever_the_jitter(remedy: Remedy) -> None:
    shortest = [gap(attempt, 0.0, remedy) for attempt in range(1, 51)]
    longest = [gap(attempt, 1.0, remedy) for attempt in range(1, 51)]
    assert all(later > before for before, later in zip(longest, shortest[1:], strict=False))
    assert all(one < other for one, other in zip(shortest, longest, strict=True)), "spread"
    assert 3000 < gap(8, 1.0, remedy) <= 3600 + PAIR_GAP and gap(50, 1.0, remedy) <= 5 * 3600
    assert all(gap(1, jitter, "wait") >= PAIR_GAP for jitter in (0.0, 1.0))


def test_after_hours_means_hours() -> None:
    assert gap(1, 0.5, "later") >= 6 * 3600
    assert set(CLOUD_API.values()) == {"retry", "wait", "template", "elsewhere", "later", "wrong", "park"}


@pytest.mark.parametrize(
    ("tried", "reaching", "found"),
    [([], ["whatsapp", "email"], "whatsapp"), (["whatsapp"], ["whatsapp", "email"], "email"),
     (["whatsapp"], ["whatsapp"], None), (["whatsapp", "email"], ["whatsapp", "email"], None)],
)  # fmt: skip
def test_the_next_channel_is_the_offices_next_that_reaches_him(
    tried: list[str], reaching: list[str], found: str | None
) -> None:
    assert next_channel(["whatsapp", "waha", "email"], tried, reaching) == found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [name for name in templates() if not name.startswith("channel_")])
def test_values_stand_in_the_order_of_the_text_and_are_never_empty(template: str, language: str) -> None:
    words, values = source(template, language), values_of(template, language)
    found = parameters(words, language, values)
    empty = parameters(words, language, dict.fromkeys(values, ""))
    assert len(found) == len(empty) and set(empty) <= {"-"}
    assert all(one and "\n" not in one for one in found)
    link = [str(value) for value in values.values() if str(value).startswith("https://") and str(value) in words]
    assert set(link) <= set(found)


def test_a_long_value_is_cut_after_a_word_and_a_link_never() -> None:
    words = "Halo $name, $items\n$track_url\n"
    link = "https://layanan.contoh.id/lacak/" + "x" * 200
    values = {"name": "Rohana", "items": ["- KTP: " + "tidak terbaca " * 100], "track_url": link}
    name, items, url = parameters(words, "id", values)
    assert (name, url) == ("Rohana", link)
    assert items.endswith("…") and not items.removesuffix("…").endswith(" ")
    assert len(name) + len(items) + len(url) + len(words) < 1024


def test_a_message_is_paid_for_as_what_it_is() -> None:
    assert category_of("submitted", "free", META) == "service"
    assert category_of("submitted", "template", META) == "utility"
    assert category_of("sign_in_code", "template", META) == "authentication"
    assert category_of("sign_in_code", "free", OWN) == "none"


def test_the_first_thousand_of_a_month_are_free() -> None:
    found = prices("utility=357, service=100,authentication=400")
    assert found == Prices({"utility": 357, "service": 100, "authentication": 400}, 1000)
    assert [found.price("service", before) for before in (0, 999, 1000)] == [0, 0, 100]
    assert (found.price("utility", 0), found.price("none", 0)) == (357, 0)
    assert prices("service=100,free=0").price("service", 0) == 100


@pytest.mark.parametrize("wrong", ["utility", "utility=-1", "utility=1.5", "promotion=1", "utility=١"])
def test_prices_are_whole_rupiah_of_known_kinds(wrong: str) -> None:
    with pytest.raises(ValueError):
        prices(wrong)


@pytest.mark.parametrize(
    ("before", "after", "budget", "mark"),
    [(0, 79, 100, None), (79, 80, 100, 80), (80, 90, 100, None), (99, 100, 100, 100), (100, 110, 100, None),
     (0, 150, 100, 100), (0, 10, 0, None)],
)  # fmt: skip
def test_a_mark_of_the_budget_is_told_once(before: int, after: int, budget: int, mark: int | None) -> None:
    assert passed(before, after, budget) == mark


def test_months() -> None:
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert month_of(date(2026, 2, 1)) == (date(2026, 2, 1), date(2026, 3, 1))


def test_in_a_chat_people_are_told_unasked_of_little() -> None:
    """Of the promise, of what they have to do, of what is late, of how it ended, of papers that are ready or void."""
    told = {notice.template for notices in NOTICES.values() for notice in notices if notice.in_chat}
    assert told == {
        "submitted", "resubmitted", "returned", "promise_missed", "rejected", "introduction_refused",
        "letter_voided", "letter_voided_ended", "letters_ready_pickup", "letters_ready_courier",
        "letters_ready_digital",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", templates())
def test_no_text_of_ours_has_a_nik_or_kk_number(template: str, language: str) -> None:
    """Neither in its words nor by a value that is one: of what a draft prints, the last four digits."""
    text = example(template, language)
    assert masked_numbers(text) == text
    assert not {"nik", "kk_number"} & set(values_of(template, language))
