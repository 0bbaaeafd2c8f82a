"""Every event has a producer that names it, consumers that handle it, a schema, an example, and its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts import EVENTS, SERVICES
from contracts.__main__ import PAGE, page
from contracts.catalogue import EventContract
from tests.architecture.code import COMMON, package, service_of, sources

IDS = list(EVENTS)


@pytest.mark.parametrize("event", EVENTS.values(), ids=IDS)
def test_an_event_is_complete(event: EventContract) -> None:
    assert set(event.producers) <= set(SERVICES)
    assert event.consumers, "nobody reads it"
    assert set(event.consumers) <= set(SERVICES) - ({*event.producers} if len(event.producers) == 1 else set())
    assert event.schema.__doc__, "its schema says nothing about itself"
    shown = event.example
    assert event.schema().validate(shown | ({"person": "sealed"} if "person" in shown else {})) == {}


@pytest.mark.parametrize("event", EVENTS.values(), ids=IDS)
def test_each_consumer_that_is_named_has_a_handler(event: EventContract) -> None:
    assert [name for name in event.consumers if event.type not in service_of(name).handlers] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_handles_nothing_beyond_the_list(name: str) -> None:
    listed = {event.type for event in EVENTS.values() if name in event.consumers}
    assert set(service_of(name).handlers) - listed == set()


@pytest.mark.parametrize("event", EVENTS.values(), ids=IDS)
def test_its_producers_name_it(event: EventContract) -> None:
    """In full, or as `f"application.{change}"` beside the change's own name."""
    subject, _, change = event.type.rpartition(".")
    for producer in event.producers:
        text = "\n".join(path.read_text("utf-8") for path in _sending(producer))
        composed = f'f"{subject}.{{' in text and re.search(rf'"{change}"', text)
        assert f'"{event.type}"' in text or composed, f"{producer} never tells it"


def _sending(name: str) -> list[Path]:
    """A producer's code without its consumers, which name other services' events."""
    return [path for path in sources(package(name)) if path != package(name) / "consumers.py"]


def test_the_page_about_events_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make events`"


def test_people_in_the_examples_are_made_up() -> None:
    """Their numbers begin as no living resident's do in this region's examples: district 167110, and nobody's phone."""
    for path in (COMMON / "contracts" / "examples").glob("*.json"):
        for number in re.findall(r"(?<!\d)\d{16}(?!\d)", path.read_text("utf-8")):
            assert number.startswith("1671"), f"{path.name}: {number}"
