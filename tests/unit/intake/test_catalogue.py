"""The shipped services: complete as the law wants them, consistent in themselves, and enough for their letters."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts import contract
from contracts.sop import applies
from documents.render.kinds import KINDS
from intake.catalogue import shipped_catalogue, shipped_drafts
from intake.domain.catalogue import DetailsNotAccepted, ReasonUnknown, check_details, check_reason, is_plain
from intake.schemas.applications import Applicant
from intake.schemas.catalogue import ServiceOut

SOPS = {sop["service"]: sop for sop in shipped_catalogue()}
DRAFTS = {sop["service"]: sop for sop in shipped_drafts()}
services = pytest.mark.parametrize("sop", [*SOPS.values(), *DRAFTS.values()], ids=[*SOPS, *DRAFTS])

REQUIREMENTS = {
    "KK": ["PENGANTAR_RT", "KK_LAMA", "SKP", "SURAT_KEHILANGAN"],
    "KTP": ["PENGANTAR_RT", "KK", "KTP_LAMA", "SURAT_KEHILANGAN", "SKP", "PAS_FOTO"],
    "NIKAH": ["PENGANTAR_RT", "KK", "KTP", "PAS_FOTO"],
    "SITU": ["PENGANTAR_RT", "KTP", "PAS_FOTO"],
}
PRODUCTS = {
    "KK": ({"kk_introduction"}, {"f102", "f101", "f106"}),
    "KTP": ({"ktp_introduction"}, {"f102"}),
    "NIKAH": ({"n1", "n6", "marriage_statement"}, {"n2", "n4", "n5"}),
    "SITU": ({"business_place"}, set()),
}


def test_the_four_services() -> None:
    assert list(SOPS) == ["KK", "KTP", "NIKAH", "SITU"]
    for code, sop in SOPS.items():
        assert [item["code"] for item in sop["requirements"]] == REQUIREMENTS[code]
        letters, forms = PRODUCTS[code]
        assert {letter["kind"] for letter in sop["letters"]} == letters
        assert {form["kind"] for form in sop["forms"]} == forms
        assert sop["days"] == 3


def names(value: Any) -> list[dict[str, str]]:
    """Everything in it that has words in two languages."""
    if isinstance(value, dict):
        if set(value) == {"id", "en"}:
            return [value]
        return [found for part in value.values() for found in names(part)]
    return [found for part in value for found in names(part)] if isinstance(value, list) else []


@services
def test_all_words_are_in_both_languages(sop: dict[str, Any]) -> None:
    found = names(sop)
    assert len(found) > 15
    assert all(words["id"].strip() and words["en"].strip() for words in found)


@services
def test_it_is_shown_whole(sop: dict[str, Any]) -> None:
    assert ServiceOut().dump(sop) == sop


@services
def test_it_keeps_the_contract(sop: dict[str, Any]) -> None:
    event = {
        "kelurahan": "16.71.10.1001", "service": sop["service"], "version": sop["version"],
        "effective_from": sop["effective_from"], "name": sop["name"]["id"], "sop": sop,
    }  # fmt: skip
    assert not contract("sop.published").schema().validate(event)
    assert date.fromisoformat(sop["effective_from"]) <= date(2026, 8, 14)


@services
def test_conditions_name_reasons_of_the_service(sop: dict[str, Any]) -> None:
    reasons = {reason["code"] for reason in sop["reasons"]}
    for part in (*sop["requirements"], *sop["fields"], *sop["letters"]):
        assert set(part.get("reasons") or ()) <= reasons, part
    for reason in reasons or {None}:
        wanted = [letter for letter in sop["letters"] if applies(letter, reason, {"islam": "yes", "widowed": "no"})]
        assert len(wanted) == 1


@services
def test_fields_are_usable(sop: dict[str, Any]) -> None:
    codes = [field["code"] for field in sop["fields"]]
    assert len(codes) == len(set(codes))
    for field in sop["fields"]:
        assert field["type"] in ("text", "date", "number", "choice", "rows")
        assert field["source"] in ("applicant", "rt_head", "officer")
        assert ("choices" in field) == (field["type"] == "choice")
        assert ("columns" in field) == (field["type"] == "rows")


@services
def test_every_product_has_a_layout(sop: dict[str, Any]) -> None:
    for product in (*sop["letters"], *sop["forms"]):
        assert product["kind"] in KINDS


def test_letters_find_their_fields() -> None:
    """What the layouts ask for beyond the applicant is among the fields."""
    given = {code: {field["code"] for field in sop["fields"]} for code, sop in SOPS.items()}
    of_person = {"name", "nik", "birth_place", "birth_date", "sex", "address", "rt", "rw"}
    for codes in given.values():
        assert not codes & of_person
        assert {code for code in codes if code in Applicant().fields} == {
            "kk_number", "head_of_family", "nationality", "religion", "marital_status", "education", "occupation",
        }  # fmt: skip
    parts = ("name", "nik", "birth_place", "birth_date", "nationality", "religion", "occupation", "address")
    assert {f"{who}_{part}" for who in ("father", "mother") for part in parts} <= given["NIKAH"]
    assert {f"{who}_{part}" for who in ("partner", "former_spouse") for part in parts[1:]} <= given["NIKAH"]
    of_business = ("name", "type", "address", "rt", "rw", "tenure", "area", "since", "employees", "responsible")
    assert {f"business_{part}" for part in of_business} <= given["SITU"]


@pytest.mark.parametrize(
    ("service", "reason", "kept"),
    [("KK", "lost", "lost"), ("KTP", "new", "new"), ("SITU", None, None)],
)
def test_reasons(service: str, reason: str | None, kept: str | None) -> None:
    assert check_reason(SOPS[service], reason) == kept


@pytest.mark.parametrize(("service", "reason"), [("KK", None), ("KK", "bored"), ("SITU", "lost")])
def test_reasons_that_are_none(service: str, reason: str | None) -> None:
    with pytest.raises(ReasonUnknown):
        check_reason(SOPS[service], reason)


def test_the_only_reason_is_taken_without_being_named() -> None:
    assert check_reason({"reasons": [{"code": "new"}]}, None) == "new"
    assert check_reason(SOPS["KK"], None, optional=True) is None


FIELDS = {
    "fields": [
        {"code": "t", "type": "text"},
        {"code": "d", "type": "date"},
        {"code": "n", "type": "number"},
        {"code": "c", "type": "choice", "choices": [{"code": "a"}, {"code": "b"}]},
        {"code": "r", "type": "rows", "columns": [{"code": "name"}]},
    ]
}


@pytest.mark.parametrize(
    "details",
    [{}, {"t": "x"}, {"t": None}, {"d": "2026-08-19"}, {"n": 3}, {"n": 3.5}, {"c": "b"}, {"r": [{"name": "x"}]}],
)
def test_details(details: dict[str, Any]) -> None:
    check_details(FIELDS, details)


@pytest.mark.parametrize(
    "details",
    [
        {"x": "1"},
        {"t": 1},
        {"t": "x" * 501},
        {"t": "\u202e"},
        {"t": {"a": 1}},
        {"d": "19-08-2026"},
        {"d": "20260819"},
        {"d": "2026-02-30"},
        {"n": "3"},
        {"n": True},
        {"c": "z"},
        {"r": {"name": "x"}},
        {"r": ["x"]},
        {"r": [{"surprise": "x"}]},
        {"r": [{"name": 1}]},
        {"r": [{"name": "x"}] * 31},
    ],
)
def test_details_that_are_not_accepted(details: dict[str, Any]) -> None:
    with pytest.raises(DetailsNotAccepted) as refused:
        check_details(FIELDS, details)
    assert refused.value.errors is not None
    assert list(refused.value.errors["json"]["details"]) == list(details)


@pytest.mark.parametrize("text", ["Nur'aini & Co <i>", "é 王 \U0001f600", "dua\nbaris", "O’Brien", "न्\u200d"])
def test_plain_texts(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", ["a\u202eb", "a\u2066b", "a\x00b", "a\x1bb", "\ud800", "a\u200fb", "a\u061cb"])
def test_texts_that_deceive_or_break(text: str) -> None:
    assert not is_plain(text)
