"""An office writes its own letters: draft, preview, publication, and what that does to letters under way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.unit.documents.pdf import codes_in, squashed, text_of

OTHER_OFFICE = "16.71.10.1002"
# What each of several languages would do something with.
HOSTILE = '#read("/etc/passwd") {{ \\ $x$ <i>miring</i> *tebal* _garis_ @label // [x] %s'


def write(desk: InProcess, kind: str, data: dict[str, Any], role: str = "administrator", **headers: str) -> Any:
    return desk.call("PUT", f"/v1/templates/{kind}/draft", role, json=data, headers=headers)


def publish(desk: InProcess, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The texts are in force, and what waits is drawn up again."""
    assert write(desk, kind, data).status_code == 200
    answer = desk.call("POST", f"/v1/templates/{kind}/publish", "lurah")
    assert answer.status_code == 200, answer.text
    desk.work()
    return dict(answer.json)


def shown(desk: InProcess, case: Case) -> str:
    """The text of the draft that the lurah sees."""
    answer = desk.call("GET", f"/v1/letters/{case.letter()['id']}/preview", "lurah")
    assert answer.status_code == 200, answer.text
    return text_of(answer.data)


def printed(desk: InProcess, case: Case) -> bytes:
    answer = desk.call("GET", f"/v1/letters/{case.letter()['id']}/content", "officer")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def said(answer: Any) -> dict[str, list[str]]:
    """What is wrong, place by place."""
    assert answer.status_code == 422, answer.text
    return dict(answer.json["errors"]["json"])


def test_a_published_text_is_printed_with_the_values_of_the_case(desk: InProcess) -> None:
    publish(
        desk, "kk_introduction",
        {
            "title": "Surat Pengantar KK", "opening": "{position} menyatakan bahwa:",
            "clauses": ["{name}, NIK {nik}, berdomisili di {village}.", "Alasan: {reason}."],
            "closing": "Demikian pengantar ini.", "copies": ["Camat Kalidoni"], "rows": ["nik", "name"],
            "signer": ["PEMERINTAH KOTA PALEMBANG"],
            "letterhead": {"lines": ["KOTA PALEMBANG", "KELURAHAN KITA"], "address": "Jalan Kita 5", "contact": "0711"},
        },
    )  # fmt: skip
    case = Case(desk).verified()
    text = shown(desk, case)
    for words in (
        "SURAT PENGANTAR KK", "Lurah Bukit Sangkal menyatakan bahwa:", "Demikian pengantar ini.", "Camat Kalidoni",
        "Rohana, NIK 1671105503550001, berdomisili di Kelurahan Bukit Sangkal.", "Alasan: Kartu Keluarga hilang.",
        "KELURAHAN KITA", "Jalan Kita 5", "PEMERINTAH KOTA PALEMBANG", "bukan pengganti Kartu Keluarga",
    ):  # fmt: skip
        assert squashed(words) in text, words
    assert text.index("NIK:") < text.index(squashed("Nama lengkap")), "in the order of its rows"
    assert squashed("Yang bertanda tangan") not in text and squashed("Jenis kelamin") not in text
    publish(desk, "kk_introduction", {})
    assert squashed("Yang bertanda tangan") in shown(desk, case), "what is left out is the layout's own again"


def test_a_number_keeps_the_texts_that_were_decided_on(desk: InProcess) -> None:
    publish(desk, "kk_introduction", {"closing": "Versi lama."})
    issued, waiting = Case(desk).issued(), Case(desk).verified()
    before, hash_before = printed(desk, issued), waiting.letter()["preview_sha256"]
    assert squashed("Versi lama.") in text_of(before)
    publish(desk, "kk_introduction", {"closing": "Versi baru."})
    assert printed(desk, issued) == before
    assert squashed("Versi baru.") in shown(desk, waiting)
    stale = waiting.letter() | {"preview_sha256": hash_before}
    assert waiting.decide(stale).json["type"] == "urn:problem:preview-changed"
    assert waiting.decide().status_code == 200


def test_numbered_before_a_publication_and_printed_after_it_has_the_texts_of_its_decision(desk: InProcess) -> None:
    publish(desk, "ktp_introduction", {"closing": "Teks saat diputuskan."})
    case = Case(desk, "KTP").verified()
    assert case.decide().status_code == 200
    publish(desk, "ktp_introduction", {"closing": "Teks sesudahnya."})
    text = text_of(printed(desk, case))
    assert squashed("Teks saat diputuskan.") in text and squashed("Teks sesudahnya.") not in text


def test_texts_of_one_kind_leave_other_kinds_and_other_offices_alone(desk: InProcess) -> None:
    kept = Case(desk, "SITU").verified()
    before = kept.letter()
    publish(desk, "ktp_introduction", {"closing": "Hanya KTP di kantor ini."})
    assert kept.letter() == before
    there = {"tenant": OTHER_OFFICE}
    found = desk.call("GET", "/v1/templates/ktp_introduction", "lurah", who=there).json
    assert found["versions"] == [] and found["office_version"] is None
    story.office(desk, OTHER_OFFICE)
    answer = desk.call("POST", "/v1/templates/ktp_introduction/preview", "lurah", who=there)
    assert squashed("Hanya KTP") not in text_of(answer.data)


def test_the_days_of_validity_are_those_of_the_texts_that_were_decided_on(desk: InProcess) -> None:
    publish(desk, "ktp_introduction", {"validity_days": 10})
    assert Case(desk, "KTP").issued().letter()["valid_until"] == "2026-08-24"
    publish(desk, "ktp_introduction", {})
    assert Case(desk, "KTP").issued().letter()["valid_until"] == "2026-09-13"


@pytest.mark.parametrize(
    "kind", ["kk_introduction", "ktp_introduction", "business_place", "introduction", "keterangan"]
)
def test_text_is_never_markup(desk: InProcess, kind: str) -> None:
    texts: dict[str, Any] = {
        part: f"{part} {HOSTILE}" for part in ("title", "opening", "closing") if (kind, part) != ("keterangan", "title")
    }
    texts |= {"clauses": [f"clauses {HOSTILE}"], "copies": [f"copies {HOSTILE}"]}
    if kind != "introduction":
        texts |= {
            "signer": [f"signer {HOSTILE}"[:100]],
            "letterhead": {"lines": [f"lines {HOSTILE}"[:80]], "address": f"address {HOSTILE}", "contact": HOSTILE},
        }
    assert write(desk, kind, texts).status_code == 200
    answer = desk.call("POST", f"/v1/templates/{kind}/preview", "administrator")
    assert answer.status_code == 200, answer.text
    text = text_of(answer.data).casefold()
    for part, value in texts.items():
        values = [*value["lines"], value["address"]] if isinstance(value, dict) else value
        for words in [values] if isinstance(values, str) else values:
            assert squashed(words).casefold() in text, part
    desk.call("DELETE", f"/v1/templates/{kind}/draft", "administrator")


def test_a_preview_is_a_draft_for_a_made_up_person(desk: InProcess) -> None:
    write(desk, "business_place", {"closing": "Baru dicoba."})
    answer = desk.call("POST", "/v1/templates/business_place/preview", "officer")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    for words in ("CONTOH", "DRAF", "Siti Contoh binti Fulan", "Warung Contoh", "Baru dicoba."):
        assert squashed(words) in text, words
    assert squashed("diberikan saat surat diterbitkan") in text and codes_in(answer.data) == []
    assert desk.call("DELETE", "/v1/templates/business_place/draft", "lurah").status_code == 204
    text = text_of(desk.call("POST", "/v1/templates/business_place/preview", "officer").data)
    assert squashed("Baru dicoba.") not in text, "a draft that was given up is not tried"


@pytest.mark.parametrize("kind", ["introduction", "n1", "f102", "n2", "keterangan"])
def test_every_kind_can_be_tried_before_anything_was_written(desk: InProcess, kind: str) -> None:
    answer = desk.call("POST", f"/v1/templates/{kind}/preview", "lurah")
    assert answer.status_code == 200 and "CONTOH" in text_of(answer.data)


@pytest.mark.parametrize(
    ("texts", "place", "named"),
    [
        ({"clauses": ["Baik.", "Untuk tahun {tahun_} saja."]}, "clauses[1]", "{tahun_}"),
        ({"opening": "{Name} menerangkan"}, "opening", "{Name}"),
        ({"closing": "Demikian {name"}, "closing", "{name"),
        ({"closing": "Jumlah #{1+1}"}, "closing", "{1+1}"),
        ({"closing": "Demikian { name }"}, "closing", "{ name }"),
        ({"closing": "Usaha {business_name}."}, "closing", "{business_name}"),
        ({"copies": ["Ketua {rt}"]}, "copies[0]", "{rt}"),
        ({"title": "Surat {name}"}, "title", "{name}"),
        ({"rows": ["nik"]}, "rows", "name"),
        ({"rows": ["name", "name"]}, "rows", ""),
    ],
)
def test_what_cannot_be_filled_is_refused_with_its_place(
    desk: InProcess, texts: dict[str, Any], place: str, named: str
) -> None:
    wrong = said(write(desk, "kk_introduction", texts))
    assert list(wrong) == [place] and named in wrong[place][0]
    assert desk.call("GET", "/v1/templates/kk_introduction", "officer").json["draft"] is None


@pytest.mark.parametrize(
    "texts",
    [
        {"closing": "\u202edibalik"}, {"closing": ""}, {"closing": "x" * 801}, {"clauses": []}, {"clauses": ["x"] * 11},
        {"copies": ["satu\x00"]}, {"validity_days": 0}, {"validity_days": "10"}, {"rows": ["salary"]},
        {"letterhead": {"lines": []}}, {"script": "x"}, {"clauses": "bukan daftar"}, {"closing": None},
    ],
)  # fmt: skip
def test_what_no_letter_can_print_is_refused(desk: InProcess, texts: dict[str, Any]) -> None:
    assert list(said(write(desk, "kk_introduction", texts))) == list(texts)


@pytest.mark.parametrize("kind", ["n1", "n2", "f102"])
def test_models_that_are_set_nationally_take_no_words_of_an_office(desk: InProcess, kind: str) -> None:
    assert "nasional" in said(write(desk, kind, {"clauses": ["Tambahan."]}))["clauses"][0]
    taken = write(desk, kind, {"copies": ["Kepala KUA"]})
    assert taken.status_code == (200 if kind == "n1" else 422)
    desk.call("DELETE", f"/v1/templates/{kind}/draft", "administrator")


def test_the_rt_heads_letter_has_no_signer_of_the_office(desk: InProcess) -> None:
    assert list(said(write(desk, "introduction", {"signer": ["Lurah"], "validity_days": 9}))) == [
        "signer", "validity_days",
    ]  # fmt: skip
    publish(desk, "introduction", {"clauses": ["{name} dikenal baik.", "Pendidikan: {education}."]})
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    [letter] = case.letters(kind="introduction")
    text = text_of(desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer").data)
    assert squashed("Rohana dikenal baik.") in text
    assert "Pendidikan:." not in text, "a sentence with a gap is not said"
    publish(desk, "introduction", {})


def test_a_value_that_a_sentence_names_has_to_be_there_before_signing(desk: InProcess) -> None:
    publish(desk, "ktp_introduction", {"clauses": ["Pendidikan terakhir {education}."]})
    case = Case(desk, "KTP").verified()
    assert case.letter()["incomplete"] == ["applicant.education"]
    assert case.decide().json["type"] == "urn:problem:letter-incomplete"
    case.applicant = case.applicant | {"education": "SD"}
    case.tell("changed")
    desk.work()
    assert case.letter()["incomplete"] == [] and case.decide().status_code == 200
    publish(desk, "ktp_introduction", {})


def test_what_no_font_prints_is_not_published(desk: InProcess) -> None:
    write(desk, "ktp_introduction", {"closing": "Demikian \U0001f600"})
    for path in ("preview", "publish"):
        answer = desk.call("POST", f"/v1/templates/ktp_introduction/{path}", "lurah")
        assert answer.status_code == 422 and "U+1F600" in answer.json["reason"]
    assert desk.call("DELETE", "/v1/templates/ktp_introduction/draft", "lurah").status_code == 204
    again = desk.call("POST", "/v1/templates/ktp_introduction/publish", "lurah")
    assert again.status_code == 409 and again.json["type"] == "urn:problem:no-template-draft"


def test_a_draft_that_a_release_made_unusable_is_not_published(desk: InProcess) -> None:
    write(desk, "ktp_introduction", {"closing": "Demikian {name}."})
    with desk.deps.db.transaction("*") as tx:
        tx.execute('UPDATE office_template SET data = \'{"closing": "{gone}"}\' WHERE version = 0')
    answer = desk.call("POST", "/v1/templates/ktp_introduction/publish", "lurah")
    assert "{gone}" in said(answer)["closing"][0]
    desk.call("DELETE", "/v1/templates/ktp_introduction/draft", "lurah")


def test_two_who_write_at_once_do_not_undo_each_other(desk: InProcess) -> None:
    first = write(desk, "business_place", {"closing": "Satu."}, If_Match="*")
    seen = first.headers["ETag"]
    second = desk.call(
        "PUT", "/v1/templates/business_place/draft", "lurah", json={"closing": "Dua."}, headers={"If-Match": seen}
    )
    assert second.status_code == 200 and second.headers["ETag"] != seen
    late = desk.call(
        "PUT", "/v1/templates/business_place/draft", "lurah", json={"closing": "Tiga."}, headers={"If-Match": seen}
    )
    assert late.status_code == 412
    stale = desk.call("POST", "/v1/templates/business_place/publish", "lurah", headers={"If-Match": seen})
    assert stale.status_code == 412
    found = desk.call("GET", "/v1/templates/business_place", "officer")
    assert found.headers["ETag"] == second.headers["ETag"] and found.json["draft"]["data"] == {"closing": "Dua."}
    desk.call("DELETE", "/v1/templates/business_place/draft", "lurah")


def test_a_draft_given_up_and_begun_anew_is_not_the_one_that_was_read(desk: InProcess) -> None:
    path = "/v1/templates/business_place/draft"
    seen = {"If-Match": write(desk, "business_place", {"closing": "Satu."}).headers["ETag"]}
    assert desk.call("DELETE", path, "lurah", headers=seen).status_code == 204
    write(desk, "business_place", {"closing": "Dua."})
    assert desk.call("DELETE", path, "lurah", headers=seen).status_code == 412
    assert desk.call("PUT", path, "lurah", json={"closing": "Tiga."}, headers=seen).status_code == 412
    assert desk.call("POST", "/v1/templates/business_place/publish", "lurah", headers=seen).status_code == 412
    assert desk.call("DELETE", path, "lurah").status_code == 204
    none = {"If-Match": desk.call("GET", "/v1/templates/business_place", "officer").headers["ETag"]}
    assert desk.call("PUT", path, "lurah", json={"closing": "Empat."}, headers=none).status_code == 200
    assert desk.call("DELETE", path, "lurah").status_code == 204


def test_versions_are_kept_with_who_wrote_and_who_published_them(desk: InProcess) -> None:
    one = publish(desk, "business_place", {"closing": "Satu."})
    headers = {"Idempotency-Key": "publish-two"}
    write(desk, "business_place", {"closing": "Dua."})
    two = desk.call("POST", "/v1/templates/business_place/publish", "lurah", headers=headers)
    again = desk.call("POST", "/v1/templates/business_place/publish", "lurah", headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true" and again.json == two.json
    found = desk.call("GET", "/v1/templates/business_place", "officer").json
    assert [(row["version"], row["status"], row["data"]) for row in found["versions"][:2]] == [
        (one["version"] + 1, "published", {"closing": "Dua."}), (one["version"], "superseded", {"closing": "Satu."}),
    ]  # fmt: skip
    newest = found["versions"][0]
    assert newest["by"] != newest["published_by"] and found["office_version"] == newest["version"]
    [listed] = [
        row for row in desk.call("GET", "/v1/templates", "officer").json["items"] if row["kind"] == "business_place"
    ]
    assert listed["office_version"] == newest["version"] and not listed["has_draft"]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("administrator", 200, 200), ("lurah", 200, 200), ("officer", 200, 403), ("applicant", 403, 403),
     ("rt_head", 403, 403), (None, 401, 401)],
)  # fmt: skip
def test_who_may_read_and_write_them(desk: InProcess, role: str | None, reads: int, writes: int) -> None:
    assert desk.call("GET", "/v1/templates/n1", role).status_code == reads
    answer = desk.call("PUT", "/v1/templates/n1/draft", role, json={"copies": ["Arsip"]})
    assert answer.status_code == writes
    if role and writes == 200:
        assert desk.call("DELETE", "/v1/templates/n1/draft", role).status_code == 204


def test_a_kind_that_there_is_not_is_not_found(desk: InProcess) -> None:
    for kind in ("n9", "bundle", "register", "..%2f_common"):
        assert desk.call("GET", f"/v1/templates/{kind}", "lurah").status_code == 404
        assert write(desk, kind, {}).status_code == 404


def test_a_publication_writes_one_job_however_many_letters_wait(desk: InProcess) -> None:
    cases = [Case(desk).verified() for _ in range(3)]
    before = {case.letter()["preview_sha256"] for case in cases}
    write(desk, "kk_introduction", {"closing": "Untuk semua."})
    assert desk.call("POST", "/v1/templates/kk_introduction/publish", "lurah").status_code == 200
    assert [
        job["kind"]
        for job in desk.rows(
            "SELECT kind FROM job WHERE state = 'ready' AND kind NOT IN ('remove_object', 'make_leaflets')"
        )
    ] == ["redraft_office"]
    assert desk.work().count("draft_letter") >= len(cases)
    assert all(squashed("Untuk semua.") in shown(desk, case) for case in cases)
    assert before.isdisjoint(case.letter()["preview_sha256"] for case in cases)
    publish(desk, "kk_introduction", {})
