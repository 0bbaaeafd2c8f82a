"""Pages that one signs in to: who comes in, who stays in without noticing, and that only our pages may send forms."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from kit.ids import new_id
from kit.pages import home
from kit.pages.session import ACCESS_COOKIE, REFRESH_COOKIE
from tests.access.tokens import look_anew
from tests.integration.intake import cast
from tests.integration.intake.test_signing_in import last_code
from tests.support.browsing import Browser, Form, browser, forms_of
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, token


@pytest.fixture(autouse=True)
def nobody_was_here(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")


@pytest.fixture
def phone() -> str:
    return f"0812{new_id().int % 10**8:08d}"


@pytest.fixture
def somebody(intake: InProcess) -> Browser:
    return browser(intake)


def code_page(intake: InProcess, somebody: Browser, phone: str, to: str = "/saya") -> Any:
    shown = somebody.open("/masuk", query_string={"ke": to})
    sent = somebody.send(forms_of(shown.text)[0], {"kelurahan": BUKIT_SANGKAL, "phone": phone})
    return somebody.go_on(sent) if sent.status_code == 303 else sent


def come_in(intake: InProcess, somebody: Browser, phone: str, to: str = "/saya") -> Any:
    asked = code_page(intake, somebody, phone, to)
    assert asked.status_code == 200, asked.text
    return somebody.send(forms_of(asked.text)[0], {"code": last_code(intake)})


def sign_out_form(text: str) -> Form:
    return next(form for form in forms_of(text) if form.action == "/keluar")


def test_a_code_brings_one_in_and_on_to_where_one_wanted_to_go(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    first = somebody.go_on(somebody.open("/saya"))
    assert first.status_code == 303 and first.headers["Location"] == "/masuk?ke=%2Fsaya"
    came = come_in(intake, somebody, phone)
    assert (came.status_code, came.headers["Location"]) == (303, "/saya")
    assert somebody.open("/saya").status_code == 200


def test_who_wanted_to_go_nowhere_lands_on_the_first_page_of_his_menu(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    assert come_in(intake, somebody, phone, "/").headers["Location"] == "/saya"
    with intake.app.app_context():
        assert [home(roles) for roles in (("officer",), ("lurah",), ("nobody-yet",))] == [
            "/intake/hari-ini", "/documents/tanda-tangan", "/",
        ]  # fmt: skip


def test_cookies_are_out_of_reach_of_scripts_and_other_hosts(intake: InProcess, somebody: Browser, phone: str) -> None:
    came = come_in(intake, somebody, phone)
    set_by_it = {one.split("=")[0]: one for one in came.headers.getlist("Set-Cookie")}
    for name, path in ((ACCESS_COOKIE, "Path=/"), (REFRESH_COOKIE, "Path=/masuk")):
        assert all(word in set_by_it[name] for word in ("Secure", "HttpOnly", "SameSite=Lax", path)), set_by_it[name]
        assert "Domain" not in set_by_it[name]


def test_who_has_an_old_token_gets_a_new_one_on_the_way_and_notices_nothing(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    come_in(intake, somebody, phone)
    before = somebody.cookie(ACCESS_COOKIE)
    somebody.forget(ACCESS_COOKIE)
    sent = somebody.open("/saya?lanjut=")
    assert sent.headers["Location"].startswith("/masuk/lanjut?ke=/saya")
    back = somebody.go_on(sent)
    assert back.status_code == 303 and back.headers["Location"].startswith("/saya")
    assert somebody.cookie(ACCESS_COOKIE) not in (None, before)
    assert somebody.open("/saya").status_code == 200


def test_a_form_that_meets_an_old_token_is_sent_on_with_all_that_was_typed(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    somebody.forget(ACCESS_COOKIE)
    sent = somebody.send(sign_out, {})
    assert sent.status_code == 307
    again = somebody.go_on(sent)
    assert (again.status_code, again.headers["Location"]) == (307, "/keluar")
    done = somebody.go_on(again)
    assert (done.status_code, done.headers["Location"]) == (303, "/masuk")
    assert somebody.cookie(REFRESH_COOKIE, "/masuk") is None


def test_a_form_that_outlives_its_session_goes_on_after_the_sign_in(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    somebody.forget(ACCESS_COOKIE)
    somebody.forget(REFRESH_COOKIE, "/masuk")
    ended = somebody.go_on(somebody.send(sign_out, {"catatan": "yang tadi diketik"}))
    assert ended.status_code == 401 and "isian Anda tetap ada" in ended.text
    asked = somebody.send(forms_of(ended.text)[0], {"kelurahan": BUKIT_SANGKAL, "phone": phone})
    came = somebody.send(forms_of(asked.text)[0], {"code": last_code(intake)})
    assert came.status_code == 200
    [form] = forms_of(came.text)
    assert form.action == "/keluar" and ("catatan", "yang tadi diketik") in form.fields
    assert somebody.send(form, {}).headers["Location"] == "/masuk"


def ended(intake: InProcess, somebody: Browser, phone: str, typed: dict[str, Any]) -> Any:
    """The page that somebody is shown whose session has ended when he sends a form."""
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    old = somebody.cookie(ACCESS_COOKIE)
    somebody.forget(ACCESS_COOKIE)
    sent = somebody.send(sign_out, typed)
    somebody.client.set_cookie(ACCESS_COOKIE, str(old), domain="kelurahan.example", secure=True)
    somebody.forget(REFRESH_COOKIE, "/masuk")
    return somebody.go_on(sent)


def after_signing_in(intake: InProcess, somebody: Browser, shown: Any, phone: str) -> Any:
    asked = somebody.send(forms_of(shown.text)[0], {"kelurahan": BUKIT_SANGKAL, "phone": phone})
    return somebody.send(forms_of(asked.text)[0], {"code": last_code(intake)})


def test_a_held_form_keeps_its_version_and_what_was_emptied_and_no_secret(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    typed = {"versi": "7", "catatan": "", "nama": "Siti", "passphrase": "sangat rahasia", "password": "rahasia juga"}
    shown = ended(intake, somebody, phone, typed)
    assert shown.status_code == 401 and "rahasia" not in shown.text
    [form] = forms_of(after_signing_in(intake, somebody, shown, phone).text)
    assert {("versi", "7"), ("catatan", ""), ("nama", "Siti")} <= set(form.fields)
    assert {"passphrase", "password"}.isdisjoint(dict(form.fields))


def test_a_held_form_is_not_shown_to_somebody_else_on_the_same_phone(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    shown = ended(intake, somebody, phone, {"nama": "Siti Maimunah"})
    came = after_signing_in(intake, somebody, shown, f"0813{new_id().int % 10**8:08d}")
    assert came.status_code == 303 and "Siti" not in came.text


def test_a_form_with_a_file_is_neither_read_nor_held_on_its_way_to_new_tokens(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    come_in(intake, somebody, phone)
    sent = {"csrf": "of another page", "nama": "Siti Maimunah", "file": (BytesIO(b"%PDF-1.7"), "kk.pdf")}
    passed_on = somebody.post("/masuk/lanjut?ke=/saya/akun", sent)
    assert passed_on.status_code == 307 and passed_on.headers["Location"] == "/saya/akun"
    somebody.forget(REFRESH_COOKIE, "/masuk")
    again = somebody.post("/masuk/lanjut?ke=/saya/akun", sent | {"file": (BytesIO(b"%PDF-1.7"), "kk.pdf")})
    assert again.status_code == 401 and "Siti" not in again.text


def test_the_way_to_new_tokens_leads_not_to_itself(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    assert somebody.open("/masuk/lanjut?ke=/masuk/lanjut").headers["Location"] == "/"
    assert somebody.open("/saya").status_code == 200


def test_the_number_that_a_code_went_to_is_in_no_header(intake: InProcess, somebody: Browser, phone: str) -> None:
    shown = somebody.open("/masuk")
    sent = somebody.send(forms_of(shown.text)[0], {"kelurahan": BUKIT_SANGKAL, "phone": phone})
    assert sent.status_code == 303 and phone[1:] not in str(sent.headers)
    assert phone in somebody.go_on(sent).text


def test_a_wrong_code_is_told_and_the_page_stays(intake: InProcess, somebody: Browser, phone: str) -> None:
    asked = code_page(intake, somebody, phone)
    wrong = somebody.send(forms_of(asked.text)[0], {"code": f"{(int(last_code(intake)) + 1) % 10**6:06d}"})
    assert wrong.status_code == 401 and "Tidak dapat masuk" in wrong.text
    right = somebody.send(forms_of(wrong.text)[0], {"code": last_code(intake)})
    assert right.status_code == 303


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(somebody: Browser) -> None:
    shown = somebody.open("/masuk")
    wrong = somebody.send(forms_of(shown.text)[0], {"kelurahan": BUKIT_SANGKAL, "phone": "12 <b>"})
    assert wrong.status_code == 422
    assert 'href="#phone"' in wrong.text and 'aria-invalid="true"' in wrong.text
    assert ("phone", "12 <b>") in forms_of(wrong.text)[0].fields
    assert "<b>" not in wrong.text


def test_what_was_left_empty_is_asked_for_in_the_readers_language(somebody: Browser) -> None:
    for path, said in (("/masuk", "Harus diisi."), ("/masuk/petugas", "Harus diisi.")):
        [form, *_] = forms_of(somebody.open(path).text)
        assert said in somebody.send(form, {}).text
    somebody.open("/tampilan", query_string={"bahasa": "en", "ke": "/masuk"})
    assert "This is required." in somebody.send(forms_of(somebody.open("/masuk").text)[0], {}).text


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_host(intake: InProcess, somebody: Browser, phone: str, to: str) -> None:
    assert come_in(intake, somebody, phone, to).headers["Location"] == "/saya"
    assert somebody.open("/tampilan", query_string={"ke": to, "bahasa": "en"}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "forged",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
        {"Origin": "null"}, {"Origin": "http://["},
    ],
)  # fmt: skip
def test_a_form_of_another_site_does_nothing(
    intake: InProcess, somebody: Browser, phone: str, forged: dict[str, str]
) -> None:
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    assert somebody.send(sign_out, {}, headers=forged).status_code == 403
    assert somebody.open("/saya").status_code == 200
    assert somebody.send(sign_out, {}).status_code == 303


def test_a_form_of_another_site_is_not_held_for_after_the_sign_in(
    intake: InProcess, somebody: Browser, phone: str
) -> None:
    come_in(intake, somebody, phone)
    for headers in ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {}):
        sent = somebody.post("/masuk/lanjut?ke=/keluar", {"catatan": "jahat"}, headers=headers)
        assert sent.status_code == 403 and "jahat" not in sent.text
    assert somebody.open("/saya").status_code == 200


def test_a_form_without_the_browsers_own_mark_does_nothing(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    for mark in ("", "guessed"):
        assert somebody.send(sign_out, {"csrf": mark}).status_code == 403
    assert somebody.open("/saya").status_code == 200


def test_a_token_in_a_cookie_opens_no_address_of_the_api(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    assert somebody.client.get("/v1/auth/sessions", base_url="https://kelurahan.example").status_code == 401


def test_a_token_in_a_header_opens_no_page(intake: InProcess) -> None:
    assert intake.call("GET", "/saya", "applicant").status_code == 303


def test_who_is_signed_in_and_may_not_is_told_so(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    assert somebody.open("/intake/antrean").status_code == 403


def test_pages_are_framed_by_nobody_and_run_nothing_of_their_own(somebody: Browser) -> None:
    shown = somebody.open("/masuk")
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
    assert shown.headers["X-Frame-Options"] == "DENY"


def test_one_sees_ones_own_cases_and_nobody_elses(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    headers = {"Authorization": f"Bearer {somebody.cookie(ACCESS_COOKIE)}"}
    opened = intake.call("POST", "/v1/applications", headers=headers, json=cast.body())
    assert opened.status_code == 201, opened.text
    code = opened.json["tracking_code"]
    assert code in somebody.open("/saya").text
    other = browser(intake)
    come_in(intake, other, f"0813{new_id().int % 10**8:08d}")
    assert code not in other.open("/saya").text


def test_a_name_with_a_script_in_it_is_text(intake: InProcess, somebody: Browser) -> None:
    sent = cast.body()
    sent["applicant"] |= {"name": "Rohana <script>alert(1)</script>"}
    assert intake.call("POST", "/v1/applications", "officer", json=sent).status_code == 201
    shown = intake.call("GET", "/intake/antrean?status=draft", headers=officer_on_page())
    assert shown.status_code == 200
    assert "<script>alert(1)" not in shown.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text


def officer_on_page() -> dict[str, str]:
    return {"Accept": "text/html", "Cookie": f"{ACCESS_COOKIE}={token('officer')}"}


def test_a_session_that_ended_is_no_way_in(intake: InProcess, somebody: Browser, phone: str) -> None:
    come_in(intake, somebody, phone)
    sign_out = sign_out_form(somebody.open("/saya").text)
    stolen = somebody.cookie(ACCESS_COOKIE)
    assert somebody.send(sign_out, {}).status_code == 303
    look_anew(intake)
    late = intake.call("GET", "/saya", headers={"Accept": "text/html", "Cookie": f"{ACCESS_COOKIE}={stolen}"})
    assert late.status_code == 303 and late.headers["Location"].startswith("/masuk/lanjut")


def test_the_catalogue_is_there_for_anybody(somebody: Browser) -> None:
    assert "Bukit Sangkal" in somebody.open("/").text
    assert "Pengantar KTP-el" in somebody.open(f"/layanan/{BUKIT_SANGKAL}").text
    assert "F-1.02" in somebody.open(f"/layanan/{BUKIT_SANGKAL}/KTP").text
    assert somebody.open(f"/layanan/{BUKIT_SANGKAL}/TIDAK_ADA").status_code == 404
