"""What other systems are told keeps its promise, has nothing of a person, and is described as the standards have it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event, to_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from marshmallow import Schema, fields

from contracts import asyncapi, contract, snapshot
from contracts.feed import PUBLIC, EventData, PublicEvent, example_of
from tests.architecture.code import ROOT

TYPES = sorted(PUBLIC)
KEPT = snapshot.read(snapshot.PUBLIC_PAGE)
EVENTS = tuple(PUBLIC.values())
# What opens something, says where somebody lives, or was written by somebody.
NEVER = {
    "person", "tracking_code", "ticket", "owner", "rt", "rw", "introduction_id", "files", "file", "check_url", "sha256",
    "reason", "decision_reason", "returned_items", "consents", "issued_by", "voided_by", "actor", "about",
    "agenda_number",
}  # fmt: skip

OPENING = {"tracking_code", "ticket", "owner", "introduction_id", "check_url"}


# --- nothing of a person ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", TYPES)
def test_a_public_event_is_made_of_one_that_notify_hears(event_type: str) -> None:
    inner, public = contract(event_type), PUBLIC[event_type]
    assert "notify" in inner.consumers
    assert inner.producers == (public.source,)


@pytest.mark.parametrize("event_type", TYPES)
def test_it_has_nothing_of_a_person_and_nothing_that_opens_anything(event_type: str) -> None:
    shown = example_of(PUBLIC[event_type])
    assert set(shown["data"]).isdisjoint(NEVER)
    secret = {str(value) for value in _leaves(contract(event_type).example.get("person"))}
    secret |= {str(value) for name, value in contract(event_type).example.items() if name in OPENING and value}
    assert {str(value) for value in _leaves(shown)}.isdisjoint(secret)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for one in inner for leaf in _leaves(one)]
    return [] if value in (None, True, False, "") else [value]


def test_which_case_a_complaint_is_about_is_told_only_where_it_was_filed_openly() -> None:
    public, inner = PUBLIC["complaint.filed"], contract("complaint.filed")
    example = inner.schema().load({**inner.example, "person": None})
    told = {how: public.told(example | {"confidentiality": how}) for how in ("open", "confidential", "anonymous")}
    assert told["open"]["application_id"] == str(example["application_id"])
    assert told["confidential"]["application_id"] is None
    assert told["anonymous"]["application_id"] is None


# --- promises ---------------------------------------------------------------------------------------------------------


def test_no_public_promise_is_broken() -> None:
    """A field that goes, changes its type, becomes required or ceases to be, and a type that is told no more."""
    assert snapshot.differences(KEPT, EVENTS) == [], "keep it, or give the event its next version"


def test_what_is_promised_is_kept_in_the_snapshot() -> None:
    assert snapshot.current(KEPT, EVENTS) == KEPT, "run python -m contracts.snapshot"


def _changed(**more: Any) -> dict[str, str]:
    shape: dict[str, Any] = {"kept": fields.String(required=True), "loose": fields.Integer()} | more
    schema: Schema = EventData.from_dict({name: field for name, field in shape.items() if field is not None})()
    return snapshot.promise(schema)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (_changed(), []),
        (_changed(added=fields.String()), []),
        (_changed(kept=None), ["kept is gone"]),
        (_changed(loose=fields.String()), ["loose was 'Integer' and is 'String'"]),
        (_changed(added=fields.String(required=True)), ["added is new and required"]),
        (_changed(kept=fields.String()), ["kept was required"]),
    ],
)
def test_what_breaks_a_public_promise(after: dict[str, str], said: list[str]) -> None:
    before = _changed()
    assert snapshot.broken(before, after) + snapshot.loosened(before, after) == said


def test_a_type_that_is_told_no_more_breaks_a_promise() -> None:
    assert snapshot.differences(KEPT, EVENTS[1:]) == [f"{EVENTS[0].type} is gone"]


# --- descriptions -----------------------------------------------------------------------------------------------------


def test_the_asyncapi_document_is_current() -> None:
    assert asyncapi.PAGE.read_text("utf-8") == asyncapi.written(asyncapi.document()), "run make events"


def test_the_asyncapi_document_is_one_by_the_schema_of_its_authors() -> None:
    schema = json.loads((ROOT / "tests" / "support" / "asyncapi" / "3.0.0.json").read_text("utf-8"))
    found = jsonschema.Draft7Validator(schema).iter_errors(asyncapi.document())
    assert [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found] == []


def test_the_schema_of_its_authors_refuses_what_is_none() -> None:
    schema = json.loads((ROOT / "tests" / "support" / "asyncapi" / "3.0.0.json").read_text("utf-8"))
    assert not jsonschema.Draft7Validator(schema).is_valid(asyncapi.document() | {"channels": []})
    broken = asyncapi.document()
    broken["operations"]["followFeed"]["action"] = "publish"
    assert not jsonschema.Draft7Validator(schema).is_valid(broken)


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    made = asyncapi.document()
    for target in _references(made):
        here: Any = made
        for part in target.removeprefix("#/").split("/"):
            here = here[part]
    assert len(set(_references(made))) > len(TYPES)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for one in value.values() for ref in _references(one)]
    return [ref for one in value for ref in _references(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("event_type", TYPES)
def test_the_example_is_what_the_asyncapi_document_says(event_type: str) -> None:
    made = asyncapi.document()
    message = made["components"]["messages"][event_type]
    schema = {"components": made["components"], **message["payload"]}
    [example] = message["examples"]
    jsonschema.Draft202012Validator(schema).validate(example["payload"])
    for wrong in ({"kelurahan": "Bukit Sangkal"}, {"type": "letter.lost"}, {"data": {}}):
        assert not jsonschema.Draft202012Validator(schema).is_valid(example["payload"] | wrong)


# --- another's reader -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", TYPES)
def test_the_cloudevents_package_reads_our_events(event_type: str) -> None:
    told = example_of(PUBLIC[event_type])
    event = from_structured_event(sent(told))
    assert (event.get_type(), event.get_source(), event.get_id()) == (told["type"], told["source"], told["id"])
    extensions = [event.get_extension(name) for name in ("sequence", "position", "kelurahan")]
    assert extensions == [7, 4711, "16.71.10.1001"]
    assert event.get_data() == told["data"]
    again = json.loads(to_structured_event(event).body)
    assert again | {"time": told["time"]} == told
    assert PublicEvent().validate(told) == {}


def test_the_cloudevents_package_refuses_what_is_none() -> None:
    told = example_of(PUBLIC["letter.issued"])
    for wrong in ({"Position-No": 1}, {"source": ""}, {"type": ""}):
        with pytest.raises(CloudEventValidationError):
            from_structured_event(sent(told | wrong))


def sent(told: dict[str, Any]) -> HTTPMessage:
    return HTTPMessage({"content-type": "application/cloudevents+json"}, json.dumps(told).encode())
