"""SOPs on pages: drafted, changed in a form or as a document, compared, tried, published, given up, retired."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.integration.intake.by_page import at_desk, form_to
from tests.integration.intake.test_office_pages import as_it_stands
from tests.integration.intake.test_sops import a_code, call, drafted, friday, published, sop  # noqa: F401
from tests.support.browsing import Browser
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI

SERVICES = "/intake/layanan"
DRAFTS = f"{SERVICES}/rancangan"


@pytest.fixture
def lurah(intake: InProcess) -> Browser:
    return at_desk(intake, "lurah", sub="lurah:bukit-sangkal")


def change(who: Browser, draft: str, **typed: Any) -> Any:
    page = who.open(f"{DRAFTS}/{draft}/ubah").text
    return who.send(form_to(page, f"{DRAFTS}/{draft}/ubah"), as_it_stands(page) | typed)


def kept(intake: InProcess, draft: str) -> dict[str, Any]:
    found: dict[str, Any] = call(intake, "GET", f"drafts/{draft}").json
    return found


def test_a_draft_is_begun_changed_compared_and_published(intake: InProcess, lurah: Browser) -> None:
    code = a_code()
    published(intake, code, sop())
    begun = lurah.send(form_to(lurah.open(f"{SERVICES}/{code}").text, f"{SERVICES}/{code}/rancangan"), {})
    assert begun.status_code == 303
    draft = begun.headers["Location"].rpartition("/")[2]
    saved = change(lurah, draft, **{"sop-days": "2", "sop-name-id": "Surat <b>Domisili</b>"})
    assert saved.status_code == 303, saved.text
    shown = lurah.go_on(saved).text
    assert "Hari kerja diubah." in shown and "Surat &lt;b&gt;Domisili&lt;/b&gt;" in shown and "<b>" not in shown
    asked = lurah.open(f"{DRAFTS}/{draft}/terbitkan").text
    assert "Hari kerja diubah." in asked
    done = lurah.send(form_to(asked, f"{DRAFTS}/{draft}/terbitkan"), {})
    assert done.headers["Location"] == f"{SERVICES}/{code}"
    after = lurah.go_on(done).text
    assert "Versi baru diterbitkan." in after and "Versi 2" in after and "Diterbitkan" in after
    assert "Hari kerja diubah." in lurah.open(f"{SERVICES}/{code}/beda/1/2").text


def test_a_form_that_is_sent_as_it_stands_changes_nothing(intake: InProcess, lurah: Browser) -> None:
    for service in ("DOMISILI", "SKTM", "KEMATIAN", "USAHA", "BELUM_NIKAH"):
        draft = drafted(intake, a_code(), sop(service))
        assert change(lurah, draft["id"]).status_code == 303
        assert kept(intake, draft["id"])["sop"] == draft["sop"], service


def test_a_requirement_is_added_and_another_goes(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())
    number, gone = len(draft["sop"]["requirements"]), draft["sop"]["requirements"][0]["code"]
    new = {
        f"requirements-{number}-{name}": value
        for name, value in {
            "code": "BUKTI_BARU", "kind": "file", "name-id": "Bukti baru", "name-en": "New proof",
            "photo_hint-id": "Terbaca.", "photo_hint-en": "Readable.", "optional": "true",
        }.items()
    }  # fmt: skip
    empty = {f"requirements-0-{name}": "" for name in
             ("code", "name-id", "name-en", "photo_hint-id", "photo_hint-en")}  # fmt: skip
    assert change(lurah, draft["id"], **new, **empty).status_code == 303
    codes = [one["code"] for one in kept(intake, draft["id"])["sop"]["requirements"]]
    assert gone not in codes and codes[-1] == "BUKTI_BARU"


def test_what_is_wrong_is_told_at_its_field_though_rows_before_it_are_empty(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())
    empty = {f"requirements-0-{name}": "" for name in
             ("code", "name-id", "name-en", "photo_hint-id", "photo_hint-en")}  # fmt: skip
    wrong = change(
        lurah, draft["id"], **empty, **{"requirements-1-name-en": "", "sop-days": "banyak", "sop-cost-id": "Gratis <i>"}
    )
    assert wrong.status_code == 422
    assert 'href="#requirements-1-name-en"' in wrong.text and 'href="#sop-days"' in wrong.text
    assert 'href="#requirements-0' not in wrong.text and "<i>" not in wrong.text
    form = form_to(wrong.text, f"{DRAFTS}/{draft['id']}/ubah")
    assert "Gratis &lt;i&gt;" in wrong.text and ("sop-days", "banyak") in form.fields
    assert kept(intake, draft["id"])["sop"] == draft["sop"]


def test_of_two_who_write_a_draft_the_second_is_told(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())["id"]
    page = lurah.open(f"{DRAFTS}/{draft}/ubah").text
    hers = form_to(page, f"{DRAFTS}/{draft}/ubah")
    assert change(lurah, draft, **{"sop-days": "2"}).status_code == 303
    late = lurah.send(hers, as_it_stands(page) | {"sop-days": "9"})
    assert late.status_code == 412 and ("sop-days", "9") in form_to(late.text, hers.action).fields
    assert kept(intake, draft)["sop"]["days"] == 2


def test_the_whole_document_is_written_and_what_is_wrong_is_told_with_its_place(
    intake: InProcess, lurah: Browser
) -> None:
    draft = drafted(intake, a_code(), sop())
    where = f"{DRAFTS}/{draft['id']}/dokumen"
    page = lurah.open(where).text
    [text] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    document = json.loads(unescape(text))
    assert document == draft["sop"]
    form = form_to(page, where)
    broken = lurah.send(form, {"dokumen": "{\n oops"})
    assert broken.status_code == 422 and "baris 2" in broken.text and "oops" in broken.text
    wrong = lurah.send(form, {"dokumen": json.dumps(document | {"days": 0, "letters": [{"kind": "keterangan"}]})})
    assert wrong.status_code == 422 and "letters.0.classification: Harus diisi." in wrong.text
    assert lurah.send(form, {"dokumen": json.dumps(document | {"days": 5})}).status_code == 303
    assert kept(intake, draft["id"])["sop"]["days"] == 5


def test_what_keeps_a_draft_from_being_published_is_told_and_there_is_no_button(
    intake: InProcess, lurah: Browser
) -> None:
    draft = drafted(intake, a_code(), sop(letters=[]))["id"]
    for where in (f"{DRAFTS}/{draft}", f"{DRAFTS}/{draft}/terbitkan"):
        shown = lurah.open(where).text
        assert "Belum ada suratnya." in shown and f'action="{DRAFTS}/{draft}/terbitkan"' not in shown


def test_a_day_that_is_past_is_told_and_the_draft_stays(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())["id"]
    form = form_to(lurah.open(f"{DRAFTS}/{draft}/terbitkan").text, f"{DRAFTS}/{draft}/terbitkan")
    wrong = lurah.send(form, {"effective_from": "2026-01-01"})
    assert wrong.status_code == 422 and ("effective_from", "2026-01-01") in form_to(wrong.text, form.action).fields
    assert lurah.send(form, {"effective_from": "2026-12-01"}).status_code == 303


def test_a_draft_is_tried_on_past_cases(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())["id"]
    assert "0 permohonan terakhir diperiksa." in lurah.open(f"{DRAFTS}/{draft}/coba?last=10").text
    assert lurah.open(f"{DRAFTS}/{draft}/coba?last=banyak").status_code == 422


def test_a_draft_is_given_up_and_a_service_retired(intake: InProcess, lurah: Browser) -> None:
    code = a_code()
    published(intake, code, sop())
    begin = form_to(lurah.open(f"{SERVICES}/{code}").text, f"{SERVICES}/{code}/rancangan")
    first = lurah.send(begin, {})
    again = lurah.send(begin, {"once": "lain"})
    assert again.headers["Location"] == first.headers["Location"]
    where = first.headers["Location"]
    form = form_to(lurah.open(where).text, f"{where}/buang")
    assert [lurah.send(form, {}).status_code for _ in range(2)] == [303, 303]
    assert intake.rows("SELECT 1 FROM refused_access WHERE object = %s", [where.rpartition("/")[2]]) == []
    assert lurah.open(where).status_code == 404
    retire = form_to(lurah.open(f"{SERVICES}/{code}").text, f"{SERVICES}/{code}/henti")
    assert lurah.send(retire, {"from_date": "besok"}).status_code == 422
    assert lurah.send(retire, {}).status_code == 303
    assert "Dihentikan mulai" in lurah.open(f"{SERVICES}/{code}").text


def test_a_draft_that_somebody_has_changed_meanwhile_is_not_given_up(intake: InProcess, lurah: Browser) -> None:
    draft = drafted(intake, a_code(), sop())
    where = f"{DRAFTS}/{draft['id']}"
    form = form_to(lurah.open(where).text, f"{where}/buang")
    written = form_to(lurah.open(f"{where}/dokumen").text, f"{where}/dokumen")
    assert lurah.send(written, {"dokumen": json.dumps(draft["sop"] | {"days": 6})}).status_code == 303
    late = lurah.send(form, {})
    assert late.status_code == 412 and lurah.open(where).status_code == 200


def test_an_officer_reads_and_has_nothing_to_press(intake: InProcess) -> None:
    draft = drafted(intake, a_code(), sop())["id"]
    officer = at_desk(intake, "officer")
    shown = officer.open(f"{DRAFTS}/{draft}")
    assert shown.status_code == 200 and "/ubah" not in shown.text and "/buang" not in shown.text
    assert officer.open(f"{DRAFTS}/{draft}/ubah").status_code == 403


def test_another_offices_draft_is_not_found(intake: InProcess) -> None:
    draft = drafted(intake, a_code(), sop())["id"]
    other = at_desk(intake, "lurah", tenant=KALIDONI)
    assert [other.open(f"{DRAFTS}/{draft}{rest}").status_code for rest in ("", "/ubah", "/dokumen", "/coba")] == [
        404
    ] * 4


@pytest.mark.parametrize("code", ["%00", "kk", "TIDAK_ADA", "KK%0A"])
def test_what_is_no_service_is_not_found(lurah: Browser, code: str) -> None:
    form = form_to(lurah.open(f"{SERVICES}/KK").text, f"{SERVICES}/KK/rancangan")
    assert lurah.open(f"{SERVICES}/{code}").status_code == 404
    assert lurah.open(f"{SERVICES}/{code}/beda/1/2").status_code == 404
    for what in ("rancangan", "henti"):
        form.action = f"{SERVICES}/{code}/{what}"
        assert lurah.send(form, {"once": f"{what}-{code[:2].strip('%')}"}).status_code == 404
