"""Staff and machines on pages: invited, changed and closed by an administrator; an invitation is accepted, a password
changed. Secrets are shown once, and in no address."""

from __future__ import annotations

import html
import re
from typing import Any

import pyotp
import pytest

from kit.ids import new_id
from kit.pages.session import ACCESS_COOKIE
from tests.access.sign_in_world import NEXT_PASSWORD, PASSWORD, account, code_of_app, machine_with_key, signed_in
from tests.integration.intake.by_page import at_desk, form_to
from tests.support.browsing import Browser, browser
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, token

STAFF = "/intake/pegawai"


@pytest.fixture(autouse=True)
def nobody_was_here(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")


@pytest.fixture
def administrator(intake: InProcess) -> Browser:
    return at_desk(intake, "administrator")


def invite(who: Browser, **typed: Any) -> Any:
    sent = {"name": "Nyimas Halimah", "username": f"u{new_id().hex[-12:]}", "roles": ["officer"]} | typed
    return who.send(form_to(who.open(f"{STAFF}/undang").text, f"{STAFF}/undang"), sent)


def invitation_of(answer: Any) -> str:
    found = re.search(r'<code id="undangan">([^<]+)</code>', answer.text)
    assert found, answer.text
    return html.unescape(found[1])


def looked_at(intake: InProcess, invitation: str) -> tuple[Browser, Any]:
    somebody = browser(intake)
    shown = somebody.open("/masuk/undangan")
    sent = somebody.send(form_to(shown.text, "/masuk/undangan"), {"invitation": f" {invitation} "})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/masuk/undangan/terima"), sent.text
    return somebody, somebody.go_on(sent)


def app_of(shown: Any) -> pyotp.TOTP:
    found = re.search(r'<code id="kunci">([A-Z2-7]+)</code>', shown.text)
    assert found, shown.text
    return pyotp.TOTP(found[1])


def test_who_is_invited_accepts_and_signs_in(intake: InProcess, administrator: Browser) -> None:
    name = f"u{new_id().hex[-12:]}"
    made = invite(administrator, username=name)
    assert f'href="/masuk/undangan#{invitation_of(made)}' not in made.text, "whoever reads it out is not to follow it"
    somebody, shown = looked_at(intake, invitation_of(made))
    assert name in shown.text and "<svg" in shown.text and "style=" not in shown.text
    accepted = somebody.send(
        form_to(shown.text, "/masuk/undangan/terima"), {"password": PASSWORD, "totp": app_of(shown).at(0)}
    )
    assert accepted.status_code == 422 and "Kode dari aplikasi tidak cocok" in accepted.text
    assert PASSWORD not in accepted.text
    accepted = somebody.send(
        form_to(accepted.text, "/masuk/undangan/terima"), {"password": PASSWORD, "totp": app_of(shown).now()}
    )
    assert (accepted.status_code, accepted.headers["Location"]) == (303, "/masuk/petugas")
    assert somebody.cookie("__Secure-invited", "/masuk/undangan") is None
    [row] = intake.rows("SELECT state FROM account ORDER BY id DESC LIMIT 1")
    assert row["state"] == "active"


def test_a_weak_password_is_told_and_the_invitation_holds(intake: InProcess, administrator: Browser) -> None:
    somebody, shown = looked_at(intake, invitation_of(invite(administrator)))
    form = form_to(shown.text, "/masuk/undangan/terima")
    wrong = somebody.send(form, {"password": "123456789012", "totp": app_of(shown).now()})
    assert wrong.status_code == 422 and "terlalu mudah ditebak" in wrong.text
    empty = somebody.send(form, {})
    assert empty.status_code == 422 and 'href="#password"' in empty.text
    assert somebody.send(form, {"password": PASSWORD, "totp": app_of(shown).now()}).status_code == 303


def test_what_is_no_invitation_is_told_beside_the_field_and_stays(intake: InProcess) -> None:
    somebody = browser(intake)
    form = form_to(somebody.open("/masuk/undangan").text, "/masuk/undangan")
    wrong = somebody.send(form, {"invitation": "bukan-undangan"})
    assert wrong.status_code == 422 and "Undangan tidak berlaku" in wrong.text
    assert ("invitation", "bukan-undangan") in form_to(wrong.text, "/masuk/undangan").fields
    assert somebody.open("/masuk/undangan/terima").headers["Location"] == "/masuk/undangan"


def test_what_is_wrong_with_an_invitation_is_told_and_the_typed_stays(administrator: Browser) -> None:
    wrong = invite(administrator, name="Nyimas <script>", username="hal imah", roles=["officer"])
    assert wrong.status_code == 422 and 'href="#username"' in wrong.text
    form = form_to(wrong.text, f"{STAFF}/undang")
    assert ("name", "Nyimas <script>") in form.fields and ("roles", "officer") in form.fields
    assert "<script>" not in wrong.text.replace('<script src="', "")
    assert "Harus diisi." in invite(administrator, name="").text
    nothing_ticked = invite(administrator, roles=[]).text
    assert 'href="#roles"' in nothing_ticked and nothing_ticked.count("Harus diisi.") == 2


def test_two_taps_on_invite_make_one_account_and_show_the_same(intake: InProcess, administrator: Browser) -> None:
    before = intake.rows("SELECT count(*) AS n FROM account")[0]["n"]
    form = form_to(administrator.open(f"{STAFF}/undang").text, f"{STAFF}/undang")
    sent = {"name": "Halimah", "username": f"u{new_id().hex[-12:]}", "roles": ["officer"]}
    first, second = administrator.send(form, sent), administrator.send(form, sent)
    assert invitation_of(first) == invitation_of(second)
    assert intake.rows("SELECT count(*) AS n FROM account")[0]["n"] == before + 1


def test_a_name_and_roles_are_changed_and_somebody_elses_change_is_not_overwritten(
    intake: InProcess, administrator: Browser
) -> None:
    who = account(intake, "officer")
    where = f"{STAFF}/{who.id}"
    old = form_to(administrator.open(where).text, where)
    assert administrator.send(old, {"name": "Kms. Saleh", "roles": ["officer", "signer"]}).status_code == 303
    shown = administrator.open(where).text
    assert "Kms. Saleh" in shown and ("roles", "signer") in form_to(shown, where).fields
    late = administrator.send(old, {"name": "Orang Lain", "roles": ["officer"], "once": "lain"})
    assert late.status_code == 412 and "Sudah diubah orang lain" in late.text and "Orang Lain" in late.text
    assert "Kms. Saleh" in administrator.open(where).text


def test_an_account_is_closed_for_good(intake: InProcess, administrator: Browser) -> None:
    where = f"{STAFF}/{account(intake, 'officer').id}"
    form = form_to(administrator.open(where).text, f"{where}/tutup")
    sent = administrator.send(form, {})
    assert (sent.status_code, administrator.send(form, {}).status_code) == (303, 303), "a second tap is no other"
    shown = administrator.go_on(sent).text
    assert "Ditutup" in shown and "Akun ditutup." in shown and f'action="{where}"' not in shown


def test_who_lost_his_phone_is_invited_again(intake: InProcess, administrator: Browser) -> None:
    who = account(intake, "officer")
    where = f"{STAFF}/{who.id}"
    made = administrator.send(form_to(administrator.open(where).text, f"{where}/undangan"), {})
    assert made.status_code == 200
    _, shown = looked_at(intake, invitation_of(made))
    assert who.person["username"] in shown.text


def test_another_offices_staff_are_not_found(intake: InProcess, administrator: Browser) -> None:
    other = account(intake, "officer", KALIDONI)
    assert administrator.open(f"{STAFF}/{other.id}").status_code == 404
    own = account(intake, "officer")
    form = form_to(administrator.open(f"{STAFF}/{own.id}").text, f"{STAFF}/{own.id}/tutup")
    form.action = f"{STAFF}/{other.id}/tutup"
    assert administrator.send(form, {}).status_code == 404


def test_a_machine_gets_its_key_on_the_page_once(intake: InProcess, administrator: Browser) -> None:
    where = f"{STAFF}/mesin"
    sent = {"name": f"Dasbor {new_id()}", "scopes": ["reports.read"]}
    made = administrator.send(form_to(administrator.open(where).text, where), sent)
    assert made.status_code == 200
    client, key = re.findall(r"<code>([^<]+)</code>", made.text)
    asked = intake.call("POST", "/v1/auth/machines", json={"client_id": client, "client_secret": html.unescape(key)})
    assert asked.status_code == 201, asked.json
    assert key not in administrator.open(f"{where}/{client}").text
    wrong = administrator.send(form_to(administrator.open(where).text, where), {"name": "Tanpa hak"})
    assert wrong.status_code == 422 and ("name", "Tanpa hak") in form_to(wrong.text, where).fields


def test_what_a_machine_may_and_where_is_changed_on_its_page(intake: InProcess, administrator: Browser) -> None:
    machine, _ = machine_with_key(intake)
    where = f"{STAFF}/mesin/{machine.id}"
    form = form_to(administrator.open(where).text, where)
    sent = {
        "scopes": ["cases.read", "letters.read"],
        "within": BUKIT_SANGKAL,
        "quota-requests": "50",
        "quota-bytes": "",
    }
    wrong = administrator.send(form, sent | {"within": f"{BUKIT_SANGKAL}, {KALIDONI}"})
    assert wrong.status_code == 422 and f"{BUKIT_SANGKAL}, {KALIDONI}" in wrong.text
    assert administrator.send(form, sent | {"quota-requests": "banyak"}).status_code == 422
    assert administrator.send(form, sent).status_code == 303
    [kept] = intake.rows("SELECT scopes, within, quota FROM account WHERE id = %s", [machine.id])
    assert kept == {"scopes": ["cases.read", "letters.read"], "within": [BUKIT_SANGKAL], "quota": {"requests": 50}}
    shown = administrator.open(where).text
    assert "Membaca surat untuk arsip" in shown and BUKIT_SANGKAL in shown


def test_a_machines_keys_follow_each_other_and_end(intake: InProcess, administrator: Browser) -> None:
    machine, _ = machine_with_key(intake)
    where = f"{STAFF}/mesin/{machine.id}"
    assert administrator.send(form_to(administrator.open(where).text, f"{where}/kunci"), {}).status_code == 200
    shown = administrator.open(where).text
    ends = re.findall(rf'action="({where}/kunci/[^"]+/akhiri)"', shown)
    assert len(ends) == 2
    for one in ends:
        assert [administrator.send(form_to(shown, one), {}).status_code for _ in range(2)] == [303, 303]
    assert intake.rows("SELECT 1 FROM refused_access WHERE object = %s", [ends[0].split("/")[-2]]) == []
    assert "Tidak ada kunci yang berlaku." in administrator.open(where).text
    assert administrator.send(form_to(shown, f"{where}/tutup"), {}).status_code == 303
    assert "Ditutup" in administrator.open(where).text


def test_one_changes_ones_own_password_and_is_told_what_is_wrong(intake: InProcess) -> None:
    who = signed_in(intake, "officer")
    officer = browser(intake)
    officer.client.set_cookie(ACCESS_COOKIE, token("officer", **who.token), domain="kelurahan.example", secure=True)
    form = form_to(officer.open("/masuk/sandi").text, "/masuk/sandi")
    sent = {"current": PASSWORD, "totp": code_of_app(who.account), "password": NEXT_PASSWORD}
    wrong = officer.send(form, sent | {"current": "bukan kata sandi saya"})
    assert wrong.status_code == 401 and NEXT_PASSWORD not in wrong.text
    empty = officer.send(form, {})
    assert empty.status_code == 422 and 'href="#current"' in empty.text
    done = officer.send(form, sent)
    assert (done.status_code, done.headers["Location"]) == (303, "/masuk/sandi")


def test_staff_of_a_kecamatan_find_it_where_they_sign_in(intake: InProcess) -> None:
    shown = browser(intake).open("/masuk/petugas").text
    for code, name in ((BUKIT_SANGKAL, "Kelurahan Bukit Sangkal"), ("16.71.10", "Kecamatan Kalidoni"), ("16.71", "P")):
        assert re.search(rf'<option value="{re.escape(code)}"[^>]*>{name}', shown)
