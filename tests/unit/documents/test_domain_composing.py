"""Which of a case's data goes where, and what a letter lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from documents.domain import words
from documents.domain.cases import Application, Case, Introduction, Rest, is_sample
from documents.domain.composing import (
    COMPOSERS,
    approval_of,
    compose,
    compose_introduction,
    finish,
    marriage_status,
    preview_hash,
)
from documents.domain.required import incomplete
from documents.render.kinds import KINDS
from kit.ids import new_id
from tests.integration.documents.story import CONTACT, DETAILS, OFFICE, ROHANA, SOPS

NOW = datetime(2026, 8, 19, 3, 12, tzinfo=UTC)


def case(
    service: str = "KK", *, office: dict[str, Any] | None = None, rests_on: Rest | None = None, **more: Any
) -> Case:
    person = {
        "applicant": more.pop("applicant", ROHANA),
        "contact": CONTACT,
        "helper": more.pop("helper", None),
        "details": more.pop("details", DETAILS.get(service, {})),
    }
    application = Application(
        new_id(), "16.71.10.1001", 1, "BS-7K3M", service, 1, more.pop("reason", "lost"), "verified", "applicant-1",
        "005", "023", None, more.pop("requirements", []), new_id(), NOW, person,
    )  # fmt: skip
    sop = {"name": {"id": service}} | SOPS[service]
    return Case(office or OFFICE, sop, application, rests_on, date(2026, 8, 19), sample=False)


def test_every_kind_but_the_introduction_is_composed_from_a_case() -> None:
    assert set(COMPOSERS) == set(KINDS) - {"introduction", "bundle", "register"}


def test_letters_go_in_copy_to_whom_the_service_says_or_else_the_office() -> None:
    office = OFFICE | {"copies": ["Camat Kalidoni", " "]}
    assert compose("kk_introduction", case(office=office)).to_json()["copies"] == ["Camat Kalidoni"]
    assert compose("kk_introduction", case()).to_json()["copies"] == []
    assert "copies" not in compose("f102", case(office=office)).to_json()
    for own in ([], ["Kepala UPTD Disdukcapil", "Arsip"]):
        kk = case(office=office)
        letters = [{"kind": "kk_introduction", "reasons": ["lost"], "copies": own}]
        kk = replace(kk, sop=dict(kk.sop) | {"letters": letters})
        assert compose("kk_introduction", kk).to_json()["copies"] == own


@pytest.mark.parametrize(("told", "paper"), [({}, "f4"), ({"paper": None}, "f4"), ({"paper": "a4"}, "a4")])
@pytest.mark.parametrize("kind", ["kk_introduction", "f102"])
def test_all_are_printed_on_the_offices_paper(kind: str, told: dict[str, Any], paper: str) -> None:
    assert compose(kind, case(office=OFFICE | told)).to_json()["paper"] == paper


def test_the_family_cards_letter() -> None:
    members = [{"nik": "1671100911100004", "name": "Ahmad Fauzan", "relation": "Cucu"}, "no row"]
    rest = Rest("005", "023", "001/RT.023/RW.005/VIII/2026", date(2026, 8, 14))
    data = compose("kk_introduction", case(details={"family_members": members}, rests_on=rest)).to_json()
    assert data["reason"] == "Kartu Keluarga hilang" and data["old_family_card"] == ROHANA["kk_number"]
    assert data["destination"] == "Dinas Kependudukan dan Pencatatan Sipil Kota Palembang"
    assert data["members"] == [{"nik": "1671100911100004", "name": "Ahmad Fauzan", "relation": "Cucu"}]
    assert data["reference"] == {
        "issuer": "Ketua RT 023 RW 005", "number": "001/RT.023/RW.005/VIII/2026", "date": "14 Agustus 2026",
    }  # fmt: skip
    person = data["person"]
    assert (person["birth_date"], person["age"], person["sex"]) == ("15 Maret 1955", "71 tahun", "Perempuan")
    assert person["nationality"] == "Indonesia"
    assert person["area"] == "Kelurahan Bukit Sangkal, Kecamatan Kalidoni, Kota Palembang"
    assert data["signer"]["lines"] == ["Lurah Bukit Sangkal,"] and data["place"] == "Palembang"
    assert data["draft"] and data["number"] == "" and data["check"] is None and data["date"] == ""


def test_n1_speaks_of_the_parents_and_in_its_own_words() -> None:
    details = DETAILS["NIKAH"] | {"father_birth_date": "1970-05-05", "mother_nationality": "WNI"}
    data = compose("n1", case("NIKAH", details=details)).to_json()
    assert data["lineage"] == "H. Cek Mat" and data["father"]["birth_date"] == "5 Mei 1970"
    assert data["mother"]["nationality"] == "Indonesia" and data["person"]["marital_status"] == "Janda"


@pytest.mark.parametrize(
    ("sex", "status", "word"),
    [
        ("Laki-laki", "Belum kawin", "Jejaka"), ("Perempuan", "BELUM KAWIN", "Perawan"),
        ("Laki-laki", "Cerai hidup", "Duda"),
        ("Perempuan", "Cerai mati", "Janda"), ("Laki-laki", "Kawin", "Beristri"), ("Laki-laki", "Jejaka", "Jejaka"),
    ],
)  # fmt: skip
def test_row_eleven(sex: str, status: str, word: str) -> None:
    assert marriage_status(sex, status) == word


def test_n2_names_groom_and_bride() -> None:
    details = DETAILS["NIKAH"] | {
        "wedding_date": "2026-09-05",
        "lineage": "Cek Mat",
        "partner_name": "M. Yusuf Effendi",
    }
    data = compose("n2", case("NIKAH", details=details | {"partner_lineage": "Effendi"})).to_json()
    assert data["bride"] == "Rohana binti Cek Mat" and data["groom"] == "M. Yusuf Effendi bin Effendi"
    assert data["day"] == "Sabtu, 5 September 2026" and data["recipient"] == "Kepala KUA Kecamatan Kalidoni"


def test_the_place_of_business() -> None:
    neighbours = [{"position": "Depan", "name": "Yulianti", "address": "Nomor 87", "statement": "Tidak keberatan",
                   "date": "2026-08-18"}]  # fmt: skip
    data = compose("business_place", case("SITU", details=DETAILS["SITU"] | {"neighbours": neighbours})).to_json()
    assert data["business"]["name"] == "Warung Cek Mat" and data["business"]["responsible"] == "Rohana"
    assert data["neighbours"][0]["date"] == "18 Agustus 2026"


@pytest.mark.parametrize(
    ("service", "reason", "requests"),
    [("KK", "lost", ["kk.lost"]), ("KK", "moved_in", ["kk.new.move"]), ("KTP", "damaged", ["ktp.damaged"]),
     ("KTP", "other", [])],
)  # fmt: skip
def test_the_boxes_of_f102(service: str, reason: str, requests: list[str]) -> None:
    sent = ["KK_LAMA", "PAS_FOTO", "SURAT_KEHILANGAN"]
    data = compose("f102", case(service, reason=reason, requirements=sent)).to_json()
    assert data["requests"] == requests and data["attachments"] == ["old_kk", "police"]
    assert data["phone"] == "081200000071" and not data["draft"] and data["date"] == ""


def test_a_helpers_phone_is_not_the_applicants() -> None:
    assert compose("f102", case(helper=CONTACT)).to_json()["phone"] == ""


def test_what_is_missing_is_named() -> None:
    complete = case()
    assert incomplete("kk_introduction", complete) == []
    empty = case("NIKAH", applicant=ROHANA | {"birth_place": " "}, details={})
    assert incomplete("n1", empty) == ["applicant.birth_place", "details.father_name", "details.mother_name"]
    assert incomplete("n1", case("NIKAH", office=OFFICE | {"officials": []})) == ["office.lurah"]


def test_a_letter_with_nothing_known_is_still_drafted() -> None:
    for kind, service in (("kk_introduction", "KK"), ("n1", "NIKAH"), ("business_place", "SITU"), ("n2", "NIKAH")):
        data = compose(kind, case(service, applicant={"name": "Rohana"}, details={})).to_json()
        assert data["person"]["name"] == "Rohana" and data["person"]["nik"] == ""


def introduction(acting_as: str = "rt_head") -> Introduction:
    person = {"applicant": {"name": "Rohana"}, "contact": CONTACT, "rt_head": {"name": "Marzuki HS"}}
    return Introduction(
        new_id(), "16.71.10.1001", "granted", None, "005", "023", "KK", "Pengurusan KK", None, NOW, date(2026, 9, 13),
        acting_as, new_id(), new_id(), person,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("acting_as", "role"),
    [("rt_head", "Ketua RT 023 RW 005"), ("substitute", "Pelaksana tugas Ketua RT 023 RW 005"),
     ("rw_head", "Ketua RW selaku pelaksana tugas Ketua RT 023 RW 005")],
)  # fmt: skip
def test_the_rt_heads_letter_says_as_whom_he_acts(acting_as: str, role: str) -> None:
    frozen = compose_introduction(introduction(acting_as), OFFICE, NOW.date(), sample=True).to_json()
    assert frozen["head"] == "Marzuki HS" and frozen["sample"] and frozen["person"]["rt"] == "023"
    assert approval_of(frozen, words.long_time(NOW, "Asia/Jakarta")).role == role


def test_the_rt_heads_letter_has_the_word_of_the_rw_head_where_he_gave_it() -> None:
    plain = introduction()
    assert compose_introduction(plain, OFFICE, NOW.date(), sample=True).to_json()["acknowledged"] is None
    plain.person["rw_head"] = {"name": "H. Umar Hasan", "at": "2026-08-14T02:10:00+00:00"}
    assert compose_introduction(plain, OFFICE, NOW.date(), sample=True).to_json()["acknowledged"] == {
        "name": "H. Umar Hasan", "role": "Ketua RW 005", "at": "14 Agustus 2026 pukul 09.10 WIB",
    }  # fmt: skip


def test_the_issued_letter_is_the_draft_with_what_the_decision_took() -> None:
    frozen = compose("kk_introduction", case()).to_json()
    approval = approval_of(frozen, words.long_time(NOW, "Asia/Jakarta"))
    final = finish(
        frozen, number="400.12.2.1/001/KEL-BS/VIII/2026", dated=NOW.date(), valid_until=date(2026, 9, 18),
        check_url="https://layanan.example/periksa/X", approval=approval,
        signature={"method": "certificate", "certified": False, "issuer": "Lurah Contoh"},
    )  # fmt: skip
    changed = {name for name in frozen if final[name] != frozen[name]}
    assert changed == {"draft", "number", "date", "valid_until", "check", "approval", "signature"} and set(
        final
    ) == set(frozen)
    assert final["approval"]["at"] == "19 Agustus 2026 pukul 10.12 WIB" and final["date"] == "19 Agustus 2026"


def test_the_previews_hash_changes_with_a_word_and_with_the_layout_only() -> None:
    frozen = compose("kk_introduction", case()).to_json()
    same = json.loads(json.dumps(dict(reversed(frozen.items()))))
    assert preview_hash(frozen, "v1") == preview_hash(same, "v1") != preview_hash(frozen, "v2")
    assert preview_hash(frozen | {"reason": "Rusak"}, "v1") != preview_hash(frozen, "v1")


def test_made_up_offices_print_contoh() -> None:
    assert is_sample(OFFICE, False) and is_sample({}, True) and not is_sample({"made_up": []}, False)


def test_choices_are_printed_in_words() -> None:
    data = compose("kk_introduction", case(applicant=ROHANA | {"marital_status": "widow"})).to_json()
    assert data["person"]["marital_status"] == "Cerai mati"


@pytest.mark.parametrize(("born", "age"), [("1955-08-19", "71 tahun"), ("1955-08-20", "70 tahun"), ("2027-01-01", "")])
def test_age(born: str, age: str) -> None:
    assert words.age(date.fromisoformat(born), date(2026, 8, 19)) == age


def test_dates_are_written_out() -> None:
    assert words.long_date(date(2026, 11, 25)) == "25 November 2026"
    assert words.weekday_date(date(2026, 11, 25)) == "Rabu, 25 November 2026"
    assert words.date_text("kapan-kapan") == "kapan-kapan" and words.date_text(None) == ""


def general_case(**more: Any) -> Case:
    found = case(details=more.pop("details"))
    letter = {
        "kind": "keterangan", "title": {"id": "Surat Keterangan Domisili"},
        "text": [{"id": "tinggal di {residence} sejak {since}; lahir {birth_date}, {sex}."}], "rows": ["card"],
    } | more  # fmt: skip
    fields = [
        {"code": "residence", "name": {"id": "Tempat tinggal"}, "type": "text", "required": True},
        {"code": "since", "name": {"id": "Sejak"}, "type": "date", "required": True},
        {"code": "card", "name": {"id": "Alamat KTP"}, "type": "choice", "required": False,
         "choices": [{"code": "here", "name": {"id": "Di sini"}}]},
    ]  # fmt: skip
    return replace(found, sop={"name": {"id": "Domisili"}, "fields": fields, "letters": [letter]})


def test_the_general_letter_has_the_sops_words_with_the_values_in_them() -> None:
    details = {"residence": "Lorong {since} #1", "since": "2019-03-01", "card": "here"}
    data = compose("keterangan", general_case(details=details)).to_json()
    assert data["title"] == "Surat Keterangan Domisili"
    assert data["text"] == ["tinggal di Lorong {since} #1 sejak 1 Maret 2019; lahir 15 Maret 1955, Perempuan."]
    assert data["rows"] == [{"label": "Alamat KTP", "value": "Di sini"}] and data["about"] == []


def test_the_general_letter_may_be_about_somebody_else_who_is_named_by_fields() -> None:
    data = compose(
        "keterangan", general_case(details={"residence": "H. Cek Mat"}, about=["residence", "nik"])
    ).to_json()
    assert data["about"] == [
        {"label": "Tempat tinggal", "value": "H. Cek Mat"}, {"label": "NIK", "value": ROHANA["nik"]},
    ]  # fmt: skip


def test_the_general_letter_cannot_be_signed_with_a_gap_in_a_sentence() -> None:
    assert incomplete("keterangan", general_case(details={"since": "2019-03-01"})) == ["details.residence"]
    whole = {"since": "2019-03-01", "residence": "Lorong Melati"}
    assert incomplete("keterangan", general_case(details=whole)) == []
