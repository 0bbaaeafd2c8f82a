"""A person takes along all that is kept about his case, by a short-lived link, and nothing of other people's."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from intake.usecases import records
from kit.errors import Permanent
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

OTHERS = ("verification", "documents", "notify")
HELPER = {"name": "Cek Nur Pendamping", "phone": "081271000977", "relation": "tetangga"}


@pytest.fixture(autouse=True)
def morning(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    intake.work()


def call(intake: InProcess, method: str, case: Any, *more: str, role: str = "applicant", who: Any = ROHANA) -> Any:
    sent = {"json": {}} if method == "POST" else {}
    return intake.call(method, cast.path(case, "record", *more), role, who=who, **sent)


def provide(intake: InProcess, case: str, service: str, *files: dict[str, Any]) -> bool:
    [row] = intake.rows("SELECT id FROM record WHERE application_id = %s AND state <> 'ready'", [case])
    data = {
        "record_id": str(row["id"]), "application_id": case, "kelurahan": BUKIT_SANGKAL,
        "provided_at": intake.clock.now().isoformat(), "files": list(files), "person": {"of": service},
    }  # fmt: skip
    return intake.feed("record.provided", data, subject=f"record:{row['id']}", source=service)


def a_case(intake: InProcess, **more: Any) -> tuple[str, bytes]:
    case, photo = str(cast.opened(intake, intended_duplicate=True, **more)["id"]), pictures.jpeg()
    form = {"requirement": "SURAT_KEHILANGAN", "file": (io.BytesIO(photo), "foto.jpg")}
    made = intake.call(
        "POST", cast.path(case, "files"), "applicant", who=ROHANA, data=form, content_type="multipart/form-data"
    )
    assert made.status_code == 201, made.text
    intake.work()
    return case, photo


def a_letter(intake: InProcess) -> dict[str, Any]:
    """As documents keeps it."""
    stored = intake.handed_by("documents", f"original/{uuid4()}", b"%PDF-1.7 CONTOH", "application/pdf")
    return {"name": "letters/kk_introduction.pdf"} | stored


def made(intake: InProcess, case: str) -> None:
    assert call(intake, "POST", case).status_code == 202
    for service in OTHERS:
        provide(intake, case, service, *([a_letter(intake)] if service == "documents" else []))
    assert intake.work() == ["make_record"]


def fetched(intake: InProcess, case: str) -> Any:
    link = call(intake, "POST", case, "links")
    assert link.status_code == 201, link.text
    return intake.call("GET", "/v1/" + link.json["url"].partition("/v1/")[2])


def test_it_holds_every_part_the_person_s_scans_and_letters_and_who_touched_the_case(intake: InProcess) -> None:
    case, photo = a_case(intake)
    cast.show(intake, case)
    intake.seal()
    made(intake, case)
    answer = fetched(intake, case)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {"intake.json", "accesses.json", "letters/kk_introduction.pdf"} | {f"{one}.json" for one in OTHERS} <= names
    [scan] = [name for name in names if name.startswith("files/")]
    assert archive.read(scan) == photo, "his own file, as he sent it"
    ours = json.loads(archive.read("intake.json"))
    assert ours["person"]["applicant"]["name"] == "Siti Maimunah binti H. Zainuddin"
    assert ours["timeline"]
    assert "officer" in {one["by"] for one in json.loads(archive.read("accesses.json"))}
    assert json.loads(archive.read("notify.json")) == {"of": "notify"}
    [row] = [one for one in intake.audit("record.read") if one["about"] == [case]]
    assert (row["caller"], row["purpose"]) == ("link", "record"), "the fetching is on record"


def test_it_has_the_clock_and_is_put_together_once_all_have_handed_over(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    assert call(intake, "GET", case).json["type"] == "urn:problem:record-not-asked"
    asked = call(intake, "POST", case)
    assert asked.json["due_at"] == "2026-08-17T09:00:00+07:00", "three times 24 hours"
    assert call(intake, "POST", case).status_code == 202
    told = [one for one in intake.told("record.requested") if str(one["data"]["application_id"]) == case]
    assert len(told) == 1, "asked again nothing more is done"
    for service in OTHERS[:2]:
        provide(intake, case, service)
        provide(intake, case, service)
    assert intake.work() == []
    refused = call(intake, "POST", case, "links")
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:record-not-ready")
    provide(intake, case, OTHERS[2])
    assert intake.work() == ["make_record"]
    shown = call(intake, "GET", case).json
    assert shown["state"] == "ready" and shown["size"] > 0
    assert intake.rows("SELECT 1 AS one FROM record_part") == [], "what it was made of is not kept"


def test_other_people_are_not_in_it(intake: InProcess) -> None:
    case, _photo = a_case(intake, helper=HELPER, contact={"name": HELPER["name"], "phone": HELPER["phone"]})
    assert call(intake, "POST", case).json["type"] == "urn:problem:only-the-person", "a helper takes nothing along"
    assert call(intake, "POST", case, role="officer", who=YANTI).status_code == 202
    for service in OTHERS:
        provide(intake, case, service)
    intake.work()
    link = call(intake, "POST", case, "links", role="officer", who=YANTI).json["url"]
    archive = zipfile.ZipFile(io.BytesIO(intake.call("GET", "/v1/" + link.partition("/v1/")[2]).data))
    text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
    assert "Siti Maimunah" in text
    assert HELPER["name"] not in text and "81271000977" not in text
    assert "officer:yanti" not in text, "who of the office it was is the office's to know"


def test_what_an_officer_asked_for_has_nothing_of_the_person_s_complaints_and_his_own_has(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    [code] = [
        row["tracking_code"] for row in intake.rows("SELECT tracking_code FROM application WHERE id = %s", [case])
    ]
    sent = {
        "kelurahan": BUKIT_SANGKAL, "kind": "complaint", "text": "Petugas loket kasar.", "tracking_code": code,
        "name": "Rohana", "phone": "081271000071", "about": "officer", "confidentiality": "confidential",
    }  # fmt: skip
    filed = intake.call("POST", "/v1/complaints", "applicant", who=ROHANA, json=sent)
    assert filed.status_code == 201, filed.text
    made(intake, case)
    assert "Petugas loket kasar." in ours(intake, call(intake, "POST", case, "links").json["url"])
    for method, more in (("GET", ()), ("POST", ("links",))):
        refused = call(intake, method, case, *more, role="officer", who=YANTI)
        assert (refused.status_code, refused.json["type"]) == (404, "urn:problem:record-not-asked")
    assert call(intake, "POST", case, role="officer", who=YANTI).status_code == 202
    assert [one["data"]["himself"] for one in intake.told("record.requested")[-2:]] == [True, False]
    for service in OTHERS:
        provide(intake, case, service)
    intake.work()
    text = ours(intake, call(intake, "POST", case, "links", role="officer", who=YANTI).json["url"])
    assert "kasar" not in text and filed.json["ticket"] not in text
    assert not {"complaints", "survey", "messages"} & set(json.loads(text)) and "left_out" in json.loads(text)
    assert call(intake, "GET", case).json["state"] == "ready", "his own is there as before"


def ours(intake: InProcess, link: str) -> str:
    found = intake.call("GET", "/v1/" + link.partition("/v1/")[2])
    return zipfile.ZipFile(io.BytesIO(found.data)).read("intake.json").decode()


def test_files_of_a_bucket_that_nobody_hands_over_from_are_not_put_into_it(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    call(intake, "POST", case)
    with pytest.raises(Permanent, match="HANDED_BUCKETS"):
        provide(intake, case, "documents", a_letter(intake) | {"bucket": intake.settings.s3_bucket})
    for service in OTHERS:
        assert provide(intake, case, service, *([a_letter(intake)] if service == "documents" else []))
    assert intake.work() == ["make_record"]


def test_a_link_holds_for_five_minutes_and_a_newer_one_ends_it(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    made(intake, case)
    first = "/v1/" + call(intake, "POST", case, "links").json["url"].partition("/v1/")[2]
    assert intake.call("GET", first).status_code == 200
    second = "/v1/" + call(intake, "POST", case, "links").json["url"].partition("/v1/")[2]
    assert intake.call("GET", first).status_code == 404
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE record SET link_until = clock_timestamp() - interval '1 second'")
    assert intake.call("GET", second).status_code == 404
    assert call(intake, "POST", case, who=YUSUF).status_code == 404
    assert call(intake, "GET", case, who=YUSUF).status_code == 404
    assert call(intake, "POST", case, "links", who=YUSUF).status_code == 404


def keys_of(intake: InProcess, case: str) -> list[str]:
    found = intake.deps.objects.keys_after(intake.settings.s3_bucket, f"record/{case}/", 10)
    return [key for key in found if key.startswith(f"record/{case}/")]


def test_it_is_gone_after_a_week_and_not_before(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    made(intake, case)
    intake.clock.at += timedelta(days=7) - timedelta(minutes=1)
    records.prune(intake.deps)
    assert call(intake, "GET", case).status_code == 200 and keys_of(intake, case)
    intake.clock.at += timedelta(minutes=2)
    records.prune(intake.deps)
    assert call(intake, "GET", case).status_code == 404
    assert keys_of(intake, case) == []
    assert call(intake, "POST", case).status_code == 202, "it can be asked for again"


def test_an_erasure_takes_it_along(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    made(intake, case)
    cast.step(intake, case, "withdrawal", "applicant", {"reason": "tidak jadi"})
    intake.call("POST", cast.path(case, "erasure"), "applicant", who=ROHANA, json={})
    assert "erase_case" in intake.work()
    assert keys_of(intake, case) == []
    assert intake.rows("SELECT 1 AS one FROM record WHERE application_id = %s", [case]) == []


def test_what_did_not_come_in_its_time_is_asked_for_anew(intake: InProcess) -> None:
    case, _photo = a_case(intake)
    call(intake, "POST", case)
    provide(intake, case, OTHERS[0])
    [before] = intake.rows("SELECT id FROM record WHERE application_id = %s", [case])
    intake.clock.at += timedelta(days=3)
    assert call(intake, "POST", case).json["state"] == "asked"
    [after] = intake.rows("SELECT id FROM record WHERE application_id = %s", [case])
    assert after["id"] != before["id"] and intake.rows("SELECT 1 AS one FROM record_part") == []


def test_a_record_that_nobody_wants_any_more_leaves_nothing_of_a_try_before(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _photo = a_case(intake)
    call(intake, "POST", case)
    for service in OTHERS:
        provide(intake, case, service)

    def dies(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(records.store, "ready", dies)
        intake.work()
    under = f"record/{case}/"
    bucket = intake.settings.s3_bucket
    assert any(key.startswith(under) for key in intake.deps.objects.keys_after(bucket, under, 5)), "it was stored"
    with intake.deps.db.transaction("*") as tx:
        for row in tx.all("SELECT id FROM record WHERE application_id = %s", [case]):
            records.store.forget(tx, row["id"])
        tx.execute("UPDATE job SET state = 'ready', leased_until = NULL WHERE state = 'running'")
    assert intake.work() == ["make_record"]
    assert not any(key.startswith(under) for key in intake.deps.objects.keys_after(bucket, under, 5))


def test_a_job_of_the_release_before_names_the_record_alone_and_is_done(intake: InProcess) -> None:
    kept, gone = a_case(intake)[0], a_case(intake)[0]
    for case in (kept, gone):
        call(intake, "POST", case)
        for service in OTHERS:
            provide(intake, case, service)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET payload = payload - 'application_id'")
        [row] = tx.all("SELECT id FROM record WHERE application_id = %s", [gone])
        records.store.forget(tx, row["id"])
    assert intake.work() == ["make_record"] * 2
    assert call(intake, "GET", kept).json["state"] == "ready"
    assert intake.rows("SELECT kind, state, last_error FROM job WHERE kind = 'make_record'") == []
