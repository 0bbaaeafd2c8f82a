"""What keeps a SOP from being published, what a version changes, and what it would have changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.sop import FORMS, LETTERS
from documents.domain.composing import COMPOSERS
from documents.domain.letters import wanted
from intake.catalogue import shipped_catalogue, shipped_drafts
from intake.domain.sops import compare, effects, parts_of, problems
from intake.schemas.sops import SopIn

SHIPPED = {sop["service"]: sop for sop in (*shipped_catalogue(), *shipped_drafts())}
ALL = pytest.mark.parametrize("sop", SHIPPED.values(), ids=SHIPPED)


def plain(service: str) -> dict[str, Any]:
    sop = copy.deepcopy(SHIPPED[service])
    return {name: value for name, value in sop.items() if name not in ("service", "version", "effective_from")}


def test_the_letters_and_forms_that_a_sop_may_name_are_those_that_documents_makes() -> None:
    assert set(LETTERS) | set(FORMS) == set(COMPOSERS)
    for kind in LETTERS:
        assert [one.form for one in wanted({"letters": [{"kind": kind}]}, None, {})] == [False]


@ALL
def test_every_service_that_ships_could_be_published_as_an_office_would_write_it(sop: dict[str, Any]) -> None:
    assert problems(sop) == []
    own = plain(sop["service"])
    assert SopIn().load(own) == own


def _letter(sop: dict[str, Any], **more: Any) -> None:
    sop["letters"][0] |= more


WRONG: dict[str, tuple[str, Callable[[dict[str, Any]], Any], str]] = {
    "a letter that nobody can make": ("KK", lambda sop: _letter(sop, kind="sakti"), "letters.sakti"),
    "a form that nobody can make": ("KK", lambda sop: sop["forms"].append({"kind": "f999"}), "forms.f999"),
    "no letter at all": ("KK", lambda sop: sop["letters"].clear(), "letters"),
    "a field that the letter needs": (
        "NIKAH",
        lambda sop: sop.update(fields=[one for one in sop["fields"] if one["code"] != "father_name"]),
        "letters.n1",
    ),
    "a field that the words name": (
        "DOMISILI", lambda sop: _letter(sop, text=[{"id": "di {rumah}", "en": "at {rumah}"}]), "letters.keterangan",
    ),
    "a sentence with a field that may be empty": (
        "KEMATIAN", lambda sop: _letter(sop, text=[{"id": "pukul {death_time}", "en": "-"}]), "letters.keterangan",
    ),
    "a general letter without title": ("DOMISILI", lambda sop: _letter(sop, title=None), "letters.keterangan"),
    "a step that there is not": ("KK", lambda sop: sop.update(steps=["receive", "dance"]), "steps"),
    "a step that is left out": ("KK", lambda sop: sop.update(steps=["receive", "produce"]), "steps"),
    "a reason that there is not": (
        "KK", lambda sop: sop["requirements"][1].update(reasons=["bored"]), "requirements.KK_LAMA",
    ),
    "a condition on what is no choice": (
        "KK", lambda sop: sop["requirements"][1].update(when={"old_kk_number": ["1"]}), "requirements.KK_LAMA",
    ),
    "a condition on a choice that there is not": (
        "SKTM", lambda sop: sop["requirements"][4].update(when={"benefit": ["holiday"]}), None,
    ),
    "a letter twice for one reason": (
        "KK", lambda sop: sop["letters"].append(sop["letters"][0]), "letters.kk_introduction",
    ),
    "a code twice": ("KK", lambda sop: sop["fields"].append(sop["fields"][0]), None),
    "a quorum above the sides": ("SITU", lambda sop: sop["witnesses"].update(quorum=5), "witnesses"),
    "no word on complaints": ("KK", lambda sop: sop.update(complaint={"id": "", "en": ""}), "complaint"),
    "one language only": ("KK", lambda sop: sop.update(product={"id": "Surat", "en": " "}), "product"),
    "no procedure": ("KK", lambda sop: sop.update(procedure=[]), "procedure"),
}  # type: ignore[dict-item]  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_keeps_a_sop_from_being_published(name: str) -> None:
    service, spoil, where = WRONG[name]
    sop = plain(service)
    assert problems(sop) == []
    spoil(sop)
    found = problems(sop)
    assert found and (where is None or where in {one.where for one in found})
    assert all(one.words.id and one.words.en for one in found)


def test_all_problems_are_named_at_once() -> None:
    sop = plain("KK")
    sop |= {"steps": ["dance"], "letters": [], "procedure": []}
    assert {"steps", "letters", "procedure"} <= {one.where for one in problems(sop)}


def test_a_comparison_names_each_item_that_was_added_removed_changed_or_moved() -> None:
    before, after = plain("KK"), plain("KK")
    assert compare(before, after) == []
    after["days"] = 2
    after["requirements"][1]["optional"] = True
    gone = after["requirements"].pop()
    after["fields"].append({"code": "hobby", "type": "text"})
    after["reasons"].reverse()
    found = {(one.part, one.code, one.change) for one in compare(before, after)}
    assert found == {
        ("days", None, "changed"), ("requirements", "KK_LAMA", "changed"), ("requirements", gone["code"], "removed"),
        ("fields", "hobby", "added"), ("reasons", None, "moved"),
    }  # fmt: skip
    assert parts_of(compare(before, after)) == [
        "days", "fields.hobby", "reasons", "requirements.KK_LAMA", f"requirements.{gone['code']}",
    ]  # fmt: skip
    turned = {(one.part, one.code, one.change) for one in compare(after, before)}
    assert ("requirements", gone["code"], "added") in turned and ("fields", "hobby", "removed") in turned


def test_a_case_would_have_needed_what_its_own_version_does_not_ask() -> None:
    own, other = plain("SKTM"), plain("SKTM")
    given = {"benefit": "school"}
    assert effects(own, other, None, given) == []
    other["requirements"][4].pop("optional")  # the school's letter
    other["fields"] = [field for field in other["fields"] if field["code"] != "beneficiary"]
    found = [(one.part, one.code, one.change) for one in effects(own, other, None, given)]
    assert found == [("requirements", "SURAT_SEKOLAH", "needed"), ("fields", "beneficiary", "not_needed")]
    assert ("requirements", "SURAT_SEKOLAH", "needed") not in [
        (one.part, one.code, one.change) for one in effects(own, other, None, {"benefit": "health"})
    ]
    kk = plain("KK")
    kk["reasons"] = [one for one in kk["reasons"] if one["code"] != "lost"]
    assert [one.part for one in effects(plain("KK"), kk, "lost", {})] == ["reasons"]
