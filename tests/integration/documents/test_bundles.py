"""Everything of a case in one PDF, to be printed: cover, scans upright on A4, letters."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from deploy.local.stack import Stack
from deploy.store.rights import service_keys
from documents.usecases import bundles
from kit.ids import new_id
from kit.objects import ObjectStore
from kit.sealed import Keyring
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

BUCKET = "intake-files"
A4 = (595, 842)


def picture(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (180, 200, 220)).save(made, "JPEG")
    return made.getvalue()


def scanned(pages: int) -> bytes:
    made = io.BytesIO()
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(1200, 900))
    document.save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def intake(parts: Stack) -> ObjectStore:
    """The store as intake reaches it: documents may only read there."""
    keys = service_keys(parts.site.secrets.read)["intake"]
    ring = Keyring(parts.site.secrets.read("event_keys"))
    return ObjectStore(parts.s3.endpoint_url, keys.access, keys.secret, keys=ring)


def put(objects: ObjectStore, requirement: str, content: bytes, media_type: str = "image/jpeg") -> dict[str, Any]:
    """A file of the case, its viewing copy in intake's bucket."""
    key = f"view/{new_id()}"
    objects.put(BUCKET, key, io.BytesIO(content), len(content), media_type, "0" * 64)
    return {
        "file_id": str(new_id()), "requirement": requirement, "sha256": "a" * 64, "size": len(content),
        "type": media_type, "bucket": BUCKET, "view_key": key, "view_type": media_type,
    }  # fmt: skip


def ask(case: Case, role: str = "officer", **who: str) -> Any:
    return case.service.call("POST", "/v1/bundles", role, who=who, json={"application_id": str(case.id)})


def made(case: Case) -> dict[str, Any]:
    asked = ask(case)
    assert (asked.status_code, asked.headers["Retry-After"]) == (202, "1")
    case.service.work()
    shown = case.service.call("GET", asked.headers["Location"], "officer")
    assert shown.status_code == 200, shown.text
    return dict(shown.json)


def pages(case: Case, bundle: dict[str, Any]) -> list[str]:
    """The text of each page, all of them A4."""
    answer = case.service.call("GET", f"/v1/bundles/{bundle['id']}/content", "officer")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.data)
    sizes = {tuple(sorted(round(side) for side in page.get_size())) for page in document}
    assert sizes == {A4}
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_it_has_a_cover_with_the_checklist_then_the_scans_then_the_letters(
    desk: InProcess, intake: ObjectStore
) -> None:
    case = Case(desk)
    files = [
        put(intake, "KK_LAMA", picture(900, 600)), put(intake, "SURAT_KEHILANGAN", scanned(2), "application/pdf"),
    ]  # fmt: skip
    case.tell("verified", files=files, agenda_number="0014/2026")
    desk.work()
    bundle = made(case)
    assert (bundle["status"], bundle["pages"]) == ("ready", 4)
    [cover, *rest] = pages(case, bundle)
    assert len(rest) == 3
    for word in ("BERKAS PERMOHONAN", "0014/2026", "BS-7K3M", "Rohana"):
        assert word in cover
    assert case.applicant["nik"] not in cover


def test_letters_that_were_issued_are_in_it(desk: InProcess) -> None:
    case = Case(desk).issued()
    bundle = made(case)
    [cover, *rest] = pages(case, bundle)
    assert "Surat Pengantar Kartu Keluarga" in cover
    assert any("SURAT PENGANTAR KARTU KELUARGA" in page for page in rest)


def test_a_case_that_has_not_changed_has_its_bundle_and_one_that_did_gets_another(
    desk: InProcess, intake: ObjectStore
) -> None:
    case = Case(desk)
    case.tell("verified", files=[put(intake, "KK_LAMA", picture(300, 200))])
    desk.work()
    first, again = made(case), made(case)
    assert first["id"] == again["id"]
    case.tell("changed", files=[put(intake, "KK_LAMA", picture(310, 200))])
    desk.work()
    assert made(case)["id"] != first["id"]


@pytest.mark.parametrize("content", [b"no picture", b"%PDF-1.7 broken", b""])
def test_a_scan_that_cannot_be_printed_is_named_and_the_rest_is_there(
    desk: InProcess, intake: ObjectStore, content: bytes
) -> None:
    case = Case(desk)
    broken = put(intake, "KK_LAMA", content or b"x", "application/pdf" if content.startswith(b"%PDF") else "image/jpeg")
    if not content:
        intake.delete(BUCKET, broken["view_key"])
    case.tell("verified", files=[broken, put(intake, "LAIN", picture(300, 200))])
    desk.work()
    bundle = made(case)
    [cover, *rest] = pages(case, bundle)
    assert (bundle["status"], len(rest)) == ("ready", 1)
    assert "Tidak dapat dicetak" in cover


def test_more_than_a_bundle_takes_fails_with_its_reason_and_can_be_asked_for_again(
    desk: InProcess, intake: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(desk)
    case.tell(
        "verified",
        files=[
            put(intake, "KK_LAMA", scanned(3), "application/pdf"),
            put(intake, "LAIN", scanned(1), "application/pdf"),
        ],
    )
    desk.work()
    monkeypatch.setattr(bundles.rules, "MOST_PAGES", 2)
    asked = ask(case).json
    with pytest.raises(bundles.TooMuch) as error:
        desk.work()
    with desk.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("DELETE FROM job WHERE kind = %s", [bundles.BUNDLE_JOB])  # as the worker does when it gives up
        bundles.store.fail(tx, UUID(asked["id"]), error.value.reason)
    bundle = desk.call("GET", f"/v1/bundles/{asked['id']}", "officer").json
    assert (bundle["status"], bundle["problem"]) == ("failed", "more than 2 pages")
    early = desk.call("GET", f"/v1/bundles/{bundle['id']}/content", "officer")
    assert (early.status_code, early.json["type"]) == (409, "urn:problem:bundle-not-ready")
    monkeypatch.undo()
    assert made(case)["status"] == "ready"


def test_the_office_alone_prints_and_another_office_has_no_such_case(desk: InProcess) -> None:
    case = Case(desk)
    case.tell("verified")
    desk.work()
    for role in ("applicant", "rt_head"):
        assert ask(case, role).status_code == 403
    assert ask(case, tenant="16.71.10.1002").status_code == 404
    bundle = made(case)
    path = f"/v1/bundles/{bundle['id']}"
    for where in (path, f"{path}/content"):
        assert desk.call("GET", where, "officer", who={"tenant": "16.71.10.1002"}).status_code == 404
        assert desk.call("GET", where, "lurah").status_code == 200


def test_after_a_week_a_bundle_is_gone_with_its_bytes(desk: InProcess) -> None:
    case = Case(desk)
    case.tell("verified")
    desk.work()
    bundle = made(case)
    [row] = desk.rows("SELECT key FROM bundle WHERE id = %s", [bundle["id"]])
    before = desk.clock.at
    desk.clock.at = before + timedelta(days=6)
    assert bundles.prune(desk.deps) == 0
    desk.clock.at = before + timedelta(days=7, seconds=1)
    assert bundles.prune(desk.deps) >= 1
    desk.clock.at = before
    assert desk.call("GET", f"/v1/bundles/{bundle['id']}", "officer").status_code == 404
    jobs = desk.rows("SELECT payload FROM job WHERE kind = 'remove_objects_under'")
    assert f"{BUKIT_SANGKAL}/bundles/{bundle['id']}/" in [job["payload"]["under"] for job in jobs]
    assert row["key"].startswith(f"{BUKIT_SANGKAL}/bundles/{bundle['id']}/")


def test_a_file_that_was_withdrawn_is_in_no_bundle_any_more_and_its_bytes_are_gone(
    desk: InProcess, intake: ObjectStore
) -> None:
    case = Case(desk)
    kept, bad = put(intake, "KK_LAMA", picture(900, 600)), put(intake, "SURAT_KEHILANGAN", picture(600, 900))
    case.tell("verified", files=[kept, bad])
    desk.work()
    bundle = made(case)
    assert len(pages(case, bundle)) >= 3
    [key] = [row["key"] for row in desk.rows("SELECT key FROM bundle WHERE id = %s", [bundle["id"]])]
    case.tell("changed", status="verified", files=[kept, bad])
    assert desk.call("GET", f"/v1/bundles/{bundle['id']}", "officer").status_code == 200, "nothing was taken away"
    case.tell("changed", status="verified", files=[kept])
    assert desk.call("GET", f"/v1/bundles/{bundle['id']}", "officer").status_code == 404
    assert desk.call("GET", f"/v1/bundles/{bundle['id']}/content", "officer").status_code == 404
    with desk.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp()")
    desk.work()
    assert not desk.deps.objects.exists(desk.settings.s3_bucket, key)
    assert len(pages(case, made(case))) >= 2


def test_a_bundle_that_was_being_made_meanwhile_is_not_kept(
    desk: InProcess, intake: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(desk)
    bad = put(intake, "KK_LAMA", picture(900, 600))
    case.tell("verified", files=[bad])
    desk.work()
    asked = ask(case)
    put_together, stored = bundles._put, []

    def late(*given: Any) -> dict[str, Any]:
        stored.append(put_together(*given))
        case.tell("changed", status="verified", files=[])
        return stored[-1]

    monkeypatch.setattr(bundles, "_put", late)
    desk.work()
    with desk.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp()")
    desk.work()
    assert desk.call("GET", asked.headers["Location"], "officer").status_code == 404
    assert not desk.deps.objects.exists(desk.settings.s3_bucket, stored[0]["key"])
