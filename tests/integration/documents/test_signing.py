"""Signing: by hand, with the signer's own certificate, by the BSrE's service; and what stays when it fails."""

from __future__ import annotations

import base64
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.hazmat.primitives.asymmetric import rsa
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from deploy.demo import certificates
from documents.store import people
from documents.usecases import objects
from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.integration.documents.test_decisions import slug
from tests.support import bsre
from tests.support.services import InProcess
from tests.support.serving import serving

SECRET = {"passphrase": certificates.PASSPHRASE}
# How a PKCS#12 file begins in base64: its length, version 3. Sealed text is base64 too, and says "MII" now and then.
PKCS12 = re.compile("MII..[AQgw]IBAzCC")


@pytest.fixture
def case(desk: InProcess) -> Case:
    return Case(desk).verified()


@pytest.fixture
def signer(desk: InProcess) -> dict[str, Any]:
    """A lurah's account whose certificate is kept here."""
    who = {"sub": "lurah-with-certificate"}
    assert keep(desk, who, certificates.signer()).status_code == 200
    return who


@pytest.fixture
def service(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[bsre.StandIn]:
    with serving(bsre.StandIn()) as there:
        monkeypatch.setattr(desk.deps, "settings", replace(
            desk.deps.settings, bsre_url=there.url, bsre_user=bsre.USER, bsre_password=bsre.PASSWORD,
            psre_roots=there.psre.pem,
        ))  # fmt: skip
        yield there


def slow_to_open() -> bytes:
    """A PKCS#12 file that asks for two thousand million rounds of hashing."""
    made = asn1_pkcs12.Pfx.load(certificates.signer())
    made["mac_data"]["iterations"] = 2**31 - 1
    return bytes(made.dump(force=True))


def keep(desk: InProcess, who: dict[str, Any], pkcs12: bytes, passphrase: str = certificates.PASSPHRASE,
         role: str = "lurah") -> Any:  # fmt: skip
    body = {"pkcs12": base64.b64encode(pkcs12).decode(), "passphrase": passphrase}
    return desk.call("PUT", "/v1/signatures/certificate", role, who=who, json=body)


def decide(case: Case, method: str, who: dict[str, Any] | None = None) -> dict[str, Any]:
    """The letter, numbered, its sheet prepared."""
    letter = case.letter()
    body = {"decision": "issue", "preview_sha256": letter["preview_sha256"], "method": method}
    answer = case.service.call("POST", f"/v1/letters/{letter['id']}/decision", "lurah", who=who, json=body)
    assert answer.status_code == 200, answer.text
    case.service.work()
    prepared = case.letter()
    assert prepared["status"] == "numbered" and prepared["prepared"] and prepared["check_url"] is None
    return prepared


def sign(desk: InProcess, who: dict[str, Any], *letters: dict[str, Any], **more: Any) -> Any:
    body = {"letters": [{"letter_id": letter["id"]} for letter in letters]} | more
    return desk.call("POST", "/v1/signatures", "lurah", who=who, json=body)


def signed_one(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    [item] = answer.json["items"]
    return dict(item)


def content(desk: InProcess, letter: dict[str, Any]) -> bytes:
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def check(desk: InProcess, letter: dict[str, Any]) -> Any:
    [row] = desk.rows("SELECT token FROM letter WHERE id = %s", [letter["id"]])
    return desk.call("GET", f"/v1/checks/{row['token']}")


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30)
    return " ".join(done.stdout.decode().split())


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(made, "JPEG")
    return made.getvalue()


def scan(case: Case, letter: dict[str, Any], file: bytes, **headers: str) -> Any:
    data = {"file": (BytesIO(file), "pindai.pdf")}
    return case.service.call("POST", f"/v1/letters/{letter['id']}/scan", "officer", data=data, headers=headers)


# --- the signer's own certificate -----------------------------------------------------------------------------------


def test_a_letter_signed_with_the_signers_certificate_validates_and_one_changed_byte_breaks_it(
    desk: InProcess, case: Case, signer: dict[str, Any], tmp_path: Path
) -> None:
    letter = decide(case, "certificate", signer)
    assert check(desk, letter).status_code == 404
    done = signed_one(sign(desk, signer, letter, **SECRET))
    assert done["problem"] is None and done["letter"]["status"] == "issued"
    pdf = content(desk, letter)
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    assert validate_pdf_signature(signature).bottom_line is False  # nobody vouches for a certificate of its own
    assert validate_pdf_signature(signature).intact and validate_pdf_signature(signature).valid
    place = pdf.index(b"/Title")
    broken = pdf[: place + 9] + bytes([pdf[place + 9] ^ 1]) + pdf[place + 10 :]
    [changed] = PdfFileReader(BytesIO(broken)).embedded_regular_signatures
    assert not validate_pdf_signature(changed).intact
    for name, bytes_, verdict in (("good", pdf, "Signature is Valid"), ("bad", broken, "Digest Mismatch")):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(bytes_)
        told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, timeout=60).stdout
        assert verdict in told, told


def test_the_check_tells_the_hash_of_the_signed_bytes_and_how_they_were_signed(
    desk: InProcess, case: Case, signer: dict[str, Any]
) -> None:
    letter = decide(case, "certificate", signer)
    sign(desk, signer, letter, **SECRET)
    told = check(desk, letter).json
    assert told["result"] == "valid" and told["sha256"] == case.letter()["sha256"]
    assert told["signature"]["method"] == "certificate" and told["signature"]["certified"] is False
    assert "TTE tidak tersertifikasi" in told["signature"]["statement"]
    printed = text_of(content(desk, letter))
    assert "TTE tidak tersertifikasi" in printed and "BSrE" not in printed and "Balai Besar" not in printed


def test_a_letter_counts_as_certified_only_where_a_psre_stands_behind_the_certificate(
    desk: InProcess, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    psre = certificates.authority()
    monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, psre_roots=psre.pem))
    who = {"sub": "lurah-certified"}
    assert keep(desk, who, certificates.signer("Lurah", by=certificates.authority())).json["certified"] is False
    kept = keep(desk, who, certificates.signer("Lurah", by=psre)).json
    assert kept["certified"] is True and kept["issuer"] == "PSrE Contoh"
    letter = decide(case, "certificate", who)
    assert signed_one(sign(desk, who, letter, **SECRET))["letter"]["certified"] is True
    printed = text_of(content(desk, letter))
    assert "TTE tersertifikasi" in printed and "PSrE Contoh" in printed


def test_a_sheet_that_speaks_of_another_certificate_is_prepared_anew_before_it_is_signed(
    desk: InProcess, case: Case, signer: dict[str, Any]
) -> None:
    letter = decide(case, "certificate", signer)
    keep(desk, signer, certificates.signer("Kelurahan Lain", by=certificates.authority("Penerbit Lain")))
    first = signed_one(sign(desk, signer, letter, **SECRET))
    assert first["problem"]["type"] == "urn:problem:not-prepared" and first["letter"]["status"] == "numbered"
    desk.work()
    again = signed_one(sign(desk, signer, letter, **SECRET))
    assert again["letter"]["status"] == "issued" and again["letter"]["number"] == letter["number"]


def test_a_sheet_that_was_being_made_for_another_certificate_is_not_the_one_to_be_signed(
    desk: InProcess, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    psre = certificates.authority()
    monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, psre_roots=psre.pem))
    monkeypatch.setattr("documents.usecases.signing.PREPARED_WITHIN", 0.2)
    certified, other = {"sub": "lurah-certified"}, {"sub": "plt-without"}
    keep(desk, certified, certificates.signer("Lurah", by=psre))
    keep(desk, other, certificates.signer("Plt."))
    draft = case.letter()
    body = {"decision": "issue", "preview_sha256": draft["preview_sha256"], "method": "certificate"}
    path = f"/v1/letters/{draft['id']}/decision"
    assert desk.call("POST", path, "lurah", who=certified, json=body).status_code == 200
    store = objects.store_sheet

    def while_the_other_signs(*args: Any) -> objects.Stored:
        monkeypatch.setattr(objects, "store_sheet", store)
        assert signed_one(sign(desk, other, draft, **SECRET))["problem"]["type"] == "urn:problem:not-prepared"
        return store(*args)

    monkeypatch.setattr(objects, "store_sheet", while_the_other_signs)
    desk.work()
    issued = signed_one(sign(desk, other, draft, **SECRET))["letter"]
    assert (issued["status"], issued["certified"]) == ("issued", False)
    assert "TTE tidak tersertifikasi" in text_of(content(desk, issued))


def test_bytes_signed_for_a_sheet_that_is_prepared_anew_are_no_letter(
    desk: InProcess, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    psre = certificates.authority()
    monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, psre_roots=psre.pem))
    certified, other = {"sub": "lurah-certified"}, {"sub": "plt-without"}
    keep(desk, certified, certificates.signer("Lurah", by=psre))
    keep(desk, other, certificates.signer("Plt."))
    letter = decide(case, "certificate", other)
    store = objects.store_signed

    def while_the_certified_signs(*args: Any) -> objects.Stored:
        monkeypatch.setattr(objects, "store_signed", store)
        sign(desk, certified, letter, **SECRET)
        return store(*args)

    monkeypatch.setattr(objects, "store_signed", while_the_certified_signs)
    assert signed_one(sign(desk, other, letter, **SECRET))["letter"]["status"] == "numbered"
    desk.work()
    issued = signed_one(sign(desk, certified, letter, **SECRET))["letter"]
    assert (issued["status"], issued["certified"]) == ("issued", True)
    assert "TTE tersertifikasi" in text_of(content(desk, issued))
    assert len(case.told("letter.issued")) == 1


def test_many_drafts_are_decided_on_and_signed_at_once_and_one_that_cannot_be_hinders_none(
    desk: InProcess, signer: dict[str, Any]
) -> None:
    cases = [Case(desk).verified() for _ in range(3)]
    drafts = [case.letter() for case in cases]
    orders = [{"letter_id": draft["id"], "preview_sha256": draft["preview_sha256"]} for draft in drafts]
    orders[1]["preview_sha256"] = "0" * 64
    body = {"letters": orders, "method": "certificate"} | SECRET
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(desk.call, "POST", "/v1/signatures", "lurah", who=signer, json=body)
        while not answer.done():
            desk.work()
    states = [
        (item["letter"]["status"], item["problem"] and item["problem"]["type"])
        for item in answer.result().json["items"]
    ]
    assert states == [("issued", None), ("drafted", "urn:problem:preview-changed"), ("issued", None)]
    repeated = desk.call("POST", "/v1/signatures", "lurah", who=signer, json=body).json["items"]
    assert [item["letter"]["status"] for item in repeated] == ["issued", "drafted", "issued"]
    assert [len(case.told("letter.issued")) for case in cases] == [1, 0, 1]


def test_ten_requests_to_sign_one_letter_issue_it_once(desk: InProcess, case: Case, signer: dict[str, Any]) -> None:
    letter = decide(case, "certificate", signer)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: sign(desk, signer, letter, **SECRET), range(10)))
    assert {signed_one(answer)["letter"]["status"] for answer in answers} == {"issued"}
    assert len(case.told("letter.issued")) == 1
    rows = [row for row in desk.audit() if row["object"] == letter["id"] and row["details"].get("signed")]
    assert len(rows) == 1
    desk.work()
    assert case.letter()["size"] == len(content(desk, letter))


def test_a_wrong_passphrase_signs_nothing_and_the_fifth_locks_the_certificate(
    desk: InProcess, case: Case, signer: dict[str, Any]
) -> None:
    letter = decide(case, "certificate", signer)
    missing = sign(desk, signer, letter)
    assert missing.status_code == 422 and slug(missing) == "passphrase-needed"
    for typed in (*["salah"] * 4, "kopi\0pagi"):
        wrong = sign(desk, signer, letter, passphrase=typed)
        assert wrong.status_code == 422 and slug(wrong) == "passphrase-wrong"
    locked = sign(desk, signer, letter, **SECRET)
    assert locked.status_code == 429 and slug(locked) == "certificate-locked" and locked.headers["Retry-After"]
    assert case.letter()["status"] == "numbered"
    with desk.deps.db.transaction("*") as tx:
        tx.execute("UPDATE certificate SET locked_until = clock_timestamp() WHERE account = %s", [signer["sub"]])
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"


def test_no_passphrase_and_no_key_lies_open_in_the_database(
    desk: InProcess, case: Case, signer: dict[str, Any]
) -> None:
    assert PKCS12.match(base64.b64encode(certificates.signer()).decode())
    letter = decide(case, "certificate", signer)
    signed_one(sign(desk, signer, letter, **SECRET))
    tables = [row["tablename"] for row in desk.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        everything = str(desk.rows(f"SELECT t::text AS row FROM {table} t"))
        assert certificates.PASSPHRASE not in everything and not PKCS12.search(everything), table


@pytest.mark.parametrize(
    ("pkcs12", "passphrase", "problem"),
    [
        (b"no certificate", certificates.PASSPHRASE, "passphrase-wrong"),
        (certificates.signer(), "salah", "passphrase-wrong"),
        (certificates.signer(), "kopi\0pagi", "passphrase-wrong"),
        (
            certificates.signer(key=rsa.generate_private_key(65537, 1024)),
            certificates.PASSPHRASE,
            "certificate-unusable",
        ),
        (slow_to_open(), certificates.PASSPHRASE, "certificate-unusable"),
        (certificates.signer(usage=False), certificates.PASSPHRASE, "certificate-unusable"),
        (certificates.signer(days=(-30, -1)), certificates.PASSPHRASE, "certificate-expired"),
        (certificates.signer(days=(1, 30)), certificates.PASSPHRASE, "certificate-expired"),
    ],
)
def test_a_certificate_that_cannot_sign_is_refused(
    desk: InProcess, pkcs12: bytes, passphrase: str, problem: str
) -> None:
    who = {"sub": f"lurah-{new_id()}"}
    refused = keep(desk, who, pkcs12, passphrase)
    assert slug(refused) == problem
    assert desk.call("GET", "/v1/signatures/certificate", "lurah", who=who).status_code == 409
    assert keep(desk, who, certificates.signer(key=rsa.generate_private_key(65537, 2048))).status_code == 200


@pytest.mark.parametrize("text", ["bukan base64!", "😀", "MII"])
def test_what_is_no_base64_is_refused_as_that(desk: InProcess, text: str) -> None:
    body = {"pkcs12": text, "passphrase": certificates.PASSPHRASE}
    refused = desk.call("PUT", "/v1/signatures/certificate", "lurah", who={"sub": f"lurah-{new_id()}"}, json=body)
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["pkcs12"])


def test_certificates_kept_at_once_leave_one_with_its_own_key(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    who = {"sub": f"lurah-{new_id()}"}
    made = [certificates.signer(f"Kelurahan {n}") for n in range(4)]
    seal = people.keep
    monkeypatch.setattr(people, "keep", lambda *given: (time.sleep(0.2), seal(*given))[1])
    [before] = desk.rows("SELECT count(*) AS n FROM people")
    with ThreadPoolExecutor(4) as pool:
        assert {answer.status_code for answer in pool.map(lambda one: keep(desk, who, one), made)} == {200}
    [sealed_anew] = desk.rows("SELECT count(*) AS n FROM people")
    assert sealed_anew["n"] - before["n"] == 1, "a key that nobody's certificate refers to"
    kept = desk.call("GET", "/v1/signatures/certificate", "lurah", who=who).json
    assert kept["issuer"] == kept["subject"], "one's description, another's key"


def test_signing_is_a_permission_of_its_own(desk: InProcess, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.usecases.signing.PREPARED_WITHIN", 0.1)  # no worker prepares the sheet
    letter = case.letter()
    order = {"letters": [{"letter_id": letter["id"], "preview_sha256": letter["preview_sha256"]}], "method": "approval"}
    for role in ("officer", "administrator", "applicant", "rt_head"):
        assert desk.call("POST", "/v1/signatures", role, json=order).status_code == 403
        assert keep(desk, {}, certificates.signer(), role=role).status_code == 403
    assert desk.call("POST", "/v1/signatures", "signer", who={"tenant": "16.71.10.1002"}, json=order).status_code in (
        404,
        503,
    )
    assert desk.call("POST", "/v1/signatures", "signer", json=order).status_code == 200


def test_a_certificate_can_be_taken_away_and_is_nobody_elses(
    desk: InProcess, signer: dict[str, Any], case: Case
) -> None:
    letter = decide(case, "certificate", signer)
    other = sign(desk, {"sub": "lurah-other"}, letter, **SECRET)
    assert other.status_code == 409 and slug(other) == "no-certificate"
    assert desk.call("DELETE", "/v1/signatures/certificate", "lurah", who=signer).status_code == 204
    assert slug(sign(desk, signer, letter, **SECRET)) == "no-certificate"


# --- by hand --------------------------------------------------------------------------------------------------------


def test_a_sheet_signed_by_hand_is_a_letter_once_its_scan_is_here(desk: InProcess, case: Case) -> None:
    letter = decide(case, "by_hand")
    sheet = desk.call("GET", f"/v1/letters/{letter['id']}/sheet", "officer")
    printed = text_of(sheet.data)
    assert letter["number"] in printed.replace(" ", "") and "Tanda tangan basah" in printed and "DRAF" not in printed
    assert desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer").status_code == 409
    assert check(desk, letter).status_code == 404
    done = scan(case, letter, photo())
    assert done.status_code == 200 and done.json["status"] == "issued", done.text
    kept = content(desk, letter)
    assert kept.startswith(b"%PDF-") and kept != sheet.data
    told = check(desk, letter).json
    assert told["result"] == "valid" and told["sha256"] == done.json["sha256"]
    assert told["signature"]["method"] == "by_hand"
    assert len(case.told("letter.issued")) == 1 and case.told("letter.issued")[0]["file"]["sha256"] == told["sha256"]


def test_a_scan_keeps_the_size_and_the_orientation_of_its_pages(desk: InProcess, case: Case) -> None:
    letter = decide(case, "by_hand")
    scanned, file = pikepdf.new(), BytesIO()
    scanned.add_blank_page(page_size=(609.449, 935.433))
    scanned.add_blank_page(page_size=(935.433, 609.449))
    scanned.pages[1].Rotate = 90
    scanned.save(file)
    assert scan(case, letter, file.getvalue()).status_code == 200
    with pikepdf.open(BytesIO(content(desk, letter))) as kept:
        assert [[round(float(side)) for side in page.mediabox] for page in kept.pages] == [[0, 0, 609, 935]] * 2


def test_what_is_no_scan_is_refused_and_changes_nothing(desk: InProcess, case: Case) -> None:
    letter = decide(case, "by_hand")
    long, target = pikepdf.new(), BytesIO()
    for _ in range(21):
        long.add_blank_page()
    long.save(target)
    huge, no_page = pikepdf.new(), BytesIO()
    huge.add_blank_page()
    huge.pages[0].MediaBox = [0, 0, 10_000_000, 842]
    huge.save(no_page)
    for bad in (b"hello", b"%PDF-1.7 broken", b"\xff\xd8\xff broken", target.getvalue(), no_page.getvalue()):
        refused = scan(case, letter, bad)
        assert refused.status_code == 422 and slug(refused) == "scan-unreadable"
    assert scan(case, letter, b"%PDF-" + b"0" * 10_000_001).status_code == 413
    assert case.letter()["status"] == "numbered"
    assert scan(case, letter, photo()).status_code == 200
    again = scan(case, letter, photo())
    assert again.status_code == 409 and slug(again) == "not-to-be-signed"


def photographed(sheet: bytes) -> bytes:
    """The sheet as a phone's picture of it."""
    command = ["pdftoppm", "-jpeg", "-r", "110", "-singlefile", "-"]
    return subprocess.run(command, input=sheet, capture_output=True, check=True, timeout=30).stdout


def test_a_scan_of_another_letter_is_refused(desk: InProcess, case: Case) -> None:
    letter, other = decide(case, "by_hand"), decide(Case(desk).verified(), "by_hand")
    theirs = desk.call("GET", f"/v1/letters/{other['id']}/sheet", "officer").data
    refused = scan(case, letter, photographed(theirs))
    assert refused.status_code == 422 and slug(refused) == "scan-of-another-letter"
    assert case.letter()["status"] == "numbered"
    ours = desk.call("GET", f"/v1/letters/{letter['id']}/sheet", "officer").data
    assert scan(case, letter, photographed(ours)).status_code == 200


def test_a_scan_comes_after_the_sheet_to_be_signed(desk: InProcess, case: Case) -> None:
    letter = case.letter()
    body = {"decision": "issue", "preview_sha256": letter["preview_sha256"], "method": "by_hand"}
    assert desk.call("POST", f"/v1/letters/{letter['id']}/decision", "lurah", json=body).status_code == 200
    refused = scan(case, letter, photo())
    assert refused.status_code == 409 and slug(refused) == "not-prepared"
    desk.work()
    assert scan(case, letter, photo()).status_code == 200


def test_a_scan_is_for_a_letter_that_is_signed_by_hand(desk: InProcess, case: Case, signer: dict[str, Any]) -> None:
    letter = decide(case, "certificate", signer)
    refused = scan(case, letter, photo())
    assert refused.status_code == 409 and slug(refused) == "not-to-be-signed"
    assert slug(desk.call("GET", f"/v1/letters/{letter['id']}/sheet", "officer")) == "not-to-be-signed"


def test_a_numbered_sheet_can_be_voided_and_its_scan_comes_too_late(desk: InProcess, case: Case) -> None:
    letter = decide(case, "by_hand")
    path = f"/v1/letters/{letter['id']}/void"
    assert desk.call("POST", path, "lurah", json={"reason": "Salah cetak"}).json["status"] == "void"
    assert scan(case, letter, photo()).status_code == 409
    assert len(case.told("letter.issued")) == 0


# --- the BSrE's service ---------------------------------------------------------------------------------------------


BSRE_SECRET = {"passphrase": bsre.PASSPHRASE, "nik": bsre.NIK}


def test_the_bsres_service_signs_and_the_letter_says_certified(
    desk: InProcess, case: Case, service: bsre.StandIn
) -> None:
    letter = decide(case, "bsre")
    done = signed_one(sign(desk, {}, letter, **BSRE_SECRET))
    assert done["letter"]["status"] == "issued" and done["letter"]["certified"] is True, done
    [signature] = PdfFileReader(BytesIO(content(desk, letter))).embedded_regular_signatures
    assert validate_pdf_signature(signature).intact
    assert "TTE tersertifikasi" in text_of(content(desk, letter)) and len(service.orders) == 1


def test_what_the_service_refuses_stays_numbered_and_can_be_signed_again(
    desk: InProcess, case: Case, service: bsre.StandIn
) -> None:
    letter = decide(case, "bsre")
    refused = signed_one(sign(desk, {}, letter, passphrase="keliru sekali", nik=bsre.NIK))
    assert refused["problem"]["type"] == "urn:problem:signing-service-away"
    assert refused["letter"]["status"] == "numbered" and "Passphrase" in refused["letter"]["problem"]
    assert bsre.NIK not in refused["letter"]["problem"]
    assert signed_one(sign(desk, {}, letter, **BSRE_SECRET))["letter"]["number"] == letter["number"]


def test_what_was_typed_is_kept_nowhere_even_if_the_service_repeats_it(
    desk: InProcess, case: Case, service: bsre.StandIn
) -> None:
    letter = decide(case, "bsre")
    service.behave = "echo"
    refused = signed_one(sign(desk, {}, letter, passphrase="kunci besi", nik=bsre.NIK))
    assert refused["letter"]["problem"] == "400" and "kunci" not in str(refused)
    service.behave = "sign"
    assert signed_one(sign(desk, {}, letter, **BSRE_SECRET))["letter"]["status"] == "issued"


@pytest.mark.parametrize("behave", ["cut", "broken", "busy", "drip", "other"])
def test_a_signing_without_a_clear_answer_is_unknown_and_never_repeated_by_itself(
    desk: InProcess, case: Case, service: bsre.StandIn, behave: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.signing.bsre.ANSWER_TIMEOUT", 2.0)
    letter = decide(case, "bsre")
    service.behave = behave
    assert signed_one(sign(desk, {}, letter, **BSRE_SECRET))["letter"]["status"] == "unknown"
    service.behave = "sign"
    again = signed_one(sign(desk, {}, letter, **BSRE_SECRET))
    assert again["problem"]["type"] == "urn:problem:not-to-be-signed" and again["letter"]["status"] == "unknown"
    desk.work()
    assert len(service.orders) == 1 and check(desk, letter).status_code == 404
    path = f"/v1/letters/{letter['id']}/outcome"
    assert desk.call("POST", path, "officer", json={"outcome": "not_signed"}).json["status"] == "numbered"
    assert slug(desk.call("POST", path, "officer", json={"outcome": "not_signed"})) == "nothing-unknown"
    assert signed_one(sign(desk, {}, letter, **BSRE_SECRET))["letter"]["status"] == "issued"


def test_a_service_that_is_not_there_leaves_the_letter_numbered(
    desk: InProcess, case: Case, service: bsre.StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = decide(case, "bsre")
    gone = replace(desk.deps.settings, bsre_url="http://127.0.0.1:9")
    monkeypatch.setattr(desk.deps, "settings", gone)
    assert signed_one(sign(desk, {}, letter, **BSRE_SECRET))["letter"]["status"] == "numbered"


def test_two_requests_send_a_letter_to_the_service_once(desk: InProcess, case: Case, service: bsre.StandIn) -> None:
    letter = decide(case, "bsre")
    service.behave = "slow"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sign(desk, {}, letter, **BSRE_SECRET), range(4)))
    states = sorted(signed_one(answer)["letter"]["status"] for answer in answers)
    assert states.count("issued") >= 1 and set(states) <= {"issued", "signing"}
    assert len(service.orders) == 1 and len(case.told("letter.issued")) == 1


def test_a_signing_request_that_died_leaves_unknown_and_an_answer_that_comes_after_all_still_counts(
    desk: InProcess, case: Case, service: bsre.StandIn
) -> None:
    from documents.jobs import TIMERS

    letter = decide(case, "bsre")
    with desk.deps.db.transaction("*") as tx:
        tx.execute(
            "UPDATE letter SET status = 'signing', signing_since = clock_timestamp() - interval '2 minutes'"
            " WHERE id = %s",
            [letter["id"]],
        )
    TIMERS["lost-signatures"].work(desk.deps)
    assert case.letter()["status"] == "signing"
    with desk.deps.db.transaction("*") as tx:
        tx.execute(
            "UPDATE letter SET signing_since = signing_since - interval '2 minutes' WHERE id = %s", [letter["id"]]
        )
    TIMERS["lost-signatures"].work(desk.deps)
    assert case.letter()["status"] == "unknown"


# --- what is around it ----------------------------------------------------------------------------------------------


def test_where_an_office_wants_initials_nothing_is_decided_without_them(desk: InProcess) -> None:
    wanting = {"signing": {"methods": ["approval"], "initials": True}}
    story.office(desk, **wanting)
    try:
        desk.work()
        case = Case(desk).verified()
        assert slug(case.decide()) == "initials-needed"
        draft = case.letter()
        path = f"/v1/letters/{draft['id']}/initials"
        assert slug(desk.call("POST", path, "officer", json={"preview_sha256": "0" * 64})) == "preview-changed"
        done = desk.call(
            "POST", path, "officer", who={"sub": "officer-7"}, json={"preview_sha256": draft["preview_sha256"]}
        )
        assert done.json["initialled_by"] == "officer-7"
        assert case.decide().status_code == 200
    finally:
        story.office(desk)


def test_an_office_signs_only_in_the_ways_that_it_named(desk: InProcess, case: Case) -> None:
    story.office(desk, signing={"methods": ["by_hand"]})
    try:
        desk.work()
        letter = case.letter()
        body = {"decision": "issue", "preview_sha256": letter["preview_sha256"], "method": "approval"}
        refused = desk.call("POST", f"/v1/letters/{letter['id']}/decision", "lurah", json=body)
        assert slug(refused) == "signing-method-not-used" and refused.json["methods"] == ["by_hand"]
        assert case.decide().json["method"] == "by_hand"
    finally:
        story.office(desk)


def test_a_letter_that_took_the_place_of_a_void_one_is_where_its_check_leads(desk: InProcess) -> None:
    case = Case(desk).issued()
    first = case.letter()
    desk.call("POST", f"/v1/letters/{first['id']}/void", "lurah", json={"reason": "Salah alamat"})
    assert check(desk, first).json["result"] == "void"
    desk.work()
    second = case.letter()
    assert second["replaces"] == first["id"]
    case.decide()
    desk.work()
    second = case.letter()
    told = check(desk, first).json
    assert told["result"] == "replaced" and told["replaced_by"] == {
        "number": second["number"], "check_url": second["check_url"],
    }  # fmt: skip
    assert check(desk, second).json["result"] == "valid"
