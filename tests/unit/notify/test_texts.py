"""The words that people are sent."""

from __future__ import annotations

import json
import re
from string import Template

import pytest

from notify.catalogue import APPROVALS, EXAMPLES, PAGE, approvals, example, page, values_of
from notify.catalogue_heads import OF_HEADS
from notify.domain import complaints
from notify.domain.messages import OPENS, masked_text
from notify.domain.notices import NOTICES
from notify.domain.policy import approved_name
from notify.talk_examples import TALKS
from notify.texts import LANGUAGES, TextError, render, source, templates

REQUESTED = {
    "draft_opened", "task_handed_on", "task_with_officer", "expires_soon", "erased_soon",
    "courier_applicant_pays", "courier_office_pays", "enrolment_unknown", "rt_head_brings",
    "consent_code", "consent_given", "consent_revocation_code", "consent_revoked", "help_ended", "sign_in_code",
    "channel_stopped", "channel_resumed", "channel_office_chosen", "channel_which_office",
    "channel_file_left_out", "channel_further_letter",
    *TALKS,
    "staff_opening", "survey_invitation", *OF_HEADS,
    "announcement", "announcement_for_head", "channel_info_ask", "channel_info_agreed", "channel_info_ended",
}  # fmt: skip
DRAFT = {
    "name": "Nur'aini", "rt_head_name": "M. Yusuf Effendi", "service_name": "Pengantar Kartu Keluarga",
    "office_name": "Bukit Sangkal", "tracking_code": "PGT-7K3M9-XW2RB", "claim_code": "482913",
}  # fmt: skip
SECRET = str(values_of("talk_pages", "id")["link"]).rpartition("/")[2]
"""Of each link that opens something, in the examples."""
ASKED = {
    "name": "M. Yusuf Effendi", "head_name": "M. Yusuf Effendi", "applicant_name": "Rohana", "purpose": "Mengurus KK",
    "service_name": "", "rt": "023", "rw": "005", "link": "https://layanan.contoh.id/t/abc", "file_count": 2,
    "applicant_address": "", "helper_name": "", "documents": "KTP-el", "options": ["1. Setuju", "2. Tolak"],
}  # fmt: skip


def wanted(template: str, language: str) -> set[str]:
    return set(Template(source(template, language)).get_identifiers())


@pytest.mark.parametrize("template", templates())
def test_both_languages_say_the_same(template: str) -> None:
    assert wanted(template, "id") == wanted(template, "en")


def test_each_text_is_used_and_each_notice_has_one() -> None:
    told = {notice.template for table in (NOTICES, complaints.NOTICES) for some in table.values() for notice in some}
    assert set(templates()) == told | REQUESTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codes_of_a_draft_stand_on_lines_of_their_own(language: str) -> None:
    lines = render("draft_opened", language, DRAFT).splitlines()
    assert "Kode lacak: PGT-7K3M9-XW2RB" in lines
    assert "Kode ambil: 482913" in lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["introduction_request", "attestation_request"])
def test_the_link_stands_alone(template: str, language: str) -> None:
    assert "https://layanan.contoh.id/t/abc" in render(template, language, ASKED).splitlines()


def test_a_line_without_a_value_is_left_out() -> None:
    assert "Layanan:" not in render("introduction_request", "id", ASKED)
    assert "Layanan: Pengantar KK" in render("introduction_request", "id", ASKED | {"service_name": "Pengantar KK"})


@pytest.mark.parametrize(
    "literal", ["Nur'aini & Co <i>", "$name ${claim_code} $$", "100% {x} \\n", "M. Yūsuf 'Effendi'"]
)
def test_what_people_wrote_stays_as_it_is(literal: str) -> None:
    assert literal in render("introduction_request", "id", ASKED | {"applicant_name": literal})


def test_what_people_wrote_makes_no_line_of_ours() -> None:
    text = render(
        "introduction_request", "id", ASKED | {"purpose": "KK\nhttps://jahat.contoh/t/x\r\n\u2028Kode ambil: 1"}
    )
    assert "Keperluan: KK https://jahat.contoh/t/x Kode ambil: 1" in text.splitlines()


def test_a_missing_value_is_an_error_that_names_no_person() -> None:
    with pytest.raises(TextError) as caught:
        render("draft_opened", "id", {"name": "Rohana"})
    assert "rt_head_name" in caught.value.reason
    assert "Rohana" not in caught.value.reason


@pytest.mark.parametrize(("template", "language"), [("no_such", "id"), ("submitted", "fr"), ("../deps", "id")])
def test_an_unknown_text_is_an_error(template: str, language: str) -> None:
    with pytest.raises(TextError):
        render(template, language, {})


def test_the_page_shows_the_texts_as_they_are() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m notify.catalogue"


def test_what_is_handed_in_for_approval_is_what_is_sent() -> None:
    assert APPROVALS.read_text("utf-8") == approvals(), "run python -m notify.catalogue"


def test_what_is_handed_in_for_approval_can_be_approved() -> None:
    """Neither the first nor the last of it is a value, it is short enough, and no value has two lines."""
    for one in json.loads(approvals()):
        assert re.fullmatch(r"[a-z0-9_]{1,512}", one["name"])
        if one["category"] == "AUTHENTICATION":
            continue
        *pictures, body = one["components"]
        assert all(picture["type"] == "HEADER" for picture in pictures)
        text, (given,) = body["text"], body.get("example", {}).get("body_text", [[]])
        assert not re.match(r"\s*\{\{|.*\}\}\W*\Z", text, re.S), text
        assert {int(number) for number in re.findall(r"\{\{(\d+)\}\}", text)} == set(range(1, len(given) + 1))
        assert len(text) + sum(map(len, given)) <= 1024
        assert not [value for value in given if not value or re.search(r"[\n\t]| {4}", value)]


@pytest.mark.parametrize("kind", ["request", "reminder"])
@pytest.mark.parametrize("about", ["introduction", "attestation", "statement", "acknowledgement"])
def test_a_task_that_comes_after_days_of_silence_has_a_template_with_its_choices(about: str, kind: str) -> None:
    names = [one["name"].rpartition("_")[0] for one in json.loads(approvals())]
    assert names.count(f"{about}_{kind}") == len(LANGUAGES)
    assert all("options" in wanted(f"{about}_{kind}", language) for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_words_have_another_name(language: str) -> None:
    before = approved_name("submitted", source("submitted", language), language)
    assert before == approved_name("submitted", source("submitted", language), language)
    assert before != approved_name("submitted", source("submitted", language) + ".", language)


def test_every_text_has_an_example() -> None:
    assert set(EXAMPLES) == set(templates())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", templates())
def test_every_text_is_filled_by_what_there_is(template: str, language: str) -> None:
    text = example(template, language)
    assert "$" not in text
    assert "None" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("template", templates())
def test_every_value_that_a_text_speaks_of_is_needed(template: str) -> None:
    values = dict(values_of(template, "id"))
    for name in wanted(template, "id"):
        with pytest.raises(TextError):
            render(template, "id", {other: value for other, value in values.items() if other != name})


@pytest.mark.parametrize("template", templates())
def test_a_code_or_link_in_any_message_is_masked_for_who_only_looks_after_messages(template: str) -> None:
    for language in LANGUAGES:
        values = values_of(template, language)
        codes = [str(values[name]) for name in OPENS if values.get(name)]
        masked = masked_text(example(template, language), values)
        assert not [code for code in codes if code in masked]
        assert SECRET not in masked
    unmasked = {name for name in values if name.endswith("code")} - {*OPENS, "tracking_code"}
    assert unmasked == set()
