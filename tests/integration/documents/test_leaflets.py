"""Leaflets of an office's services: made when the SOP or the letterhead changes, read by anyone, gone when outdated."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import zxingcpp
from PIL import Image

from contracts.starting import page_link, whatsapp_link
from documents.domain.leaflets import KINDS
from documents.rendering import CannotRender
from documents.usecases import leaflets
from kit.jobs import LeaseLost
from tests.integration.documents import story
from tests.integration.documents.test_emblems import picture
from tests.support.browsing import signed_in
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.unit.documents.pdf import codes_in, squashed, text_of

OFFICES = [BUKIT_SANGKAL, "16.71.10.1002"]
CATALOGUE = Path("services/intake/intake/catalogue")
BASE = f"/v1/leaflets/{BUKIT_SANGKAL}"


def sop(code: str = "KTP", **changed: Any) -> dict[str, Any]:
    return json.loads((CATALOGUE / f"{code}.json").read_text()) | changed


def publish(desk: InProcess, tenant: str = BUKIT_SANGKAL, **changed: Any) -> None:
    told = sop(**changed)
    data = {
        "kelurahan": tenant, "service": told["service"], "version": told["version"], "sop": told,
        "effective_from": told["effective_from"], "name": told["name"]["id"],
    }  # fmt: skip
    desk.feed("sop.published", data, subject=f"{tenant}/{told['service']}", tenant=tenant)


def done(desk: InProcess) -> list[str]:
    """What was asked for is made now, and what is to go goes."""
    kinds: list[str] = []
    for _ in range(3):
        with desk.deps.db.transaction("*") as tx:
            tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE run_at > clock_timestamp()")
        kinds += desk.work()
    return kinds


@pytest.fixture
def office(documents: InProcess) -> Iterator[InProcess]:
    """An office with the KTP service alone, and its leaflets."""
    for tenant in OFFICES:
        story.office(documents, tenant)
    publish(documents)
    done(documents)
    yield documents
    for tenant in OFFICES:
        documents.deps.objects.delete_under(documents.settings.s3_bucket, f"{tenant}/leaflets/")
    with documents.deps.db.transaction("*") as tx:
        for table in ("sop", "leaflet", "office_emblem", "job"):
            tx.execute(f"DELETE FROM {table}")


def fetched(desk: InProcess, kind: str, service: str = "KTP", **more: Any) -> Any:
    return desk.call("GET", f"{BASE}/{service}/{kind}", **more)


def lying(desk: InProcess, tenant: str = BUKIT_SANGKAL) -> list[str]:
    """What lies in the store of an office's leaflets."""
    under = f"{tenant}/leaflets/"
    keys = desk.deps.objects.keys_after(desk.settings.s3_bucket, under, 1000)
    return sorted(key for key in keys if key.startswith(under))


def code_of(png: bytes) -> str:
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return code.text


def test_each_published_service_has_a_picture_a_notice_and_its_whole_sop_for_anyone(office: InProcess) -> None:
    shown = fetched(office, "picture")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.data)).size == (1080, 1350)
    for kind in ("notice", "sop"):
        answer = fetched(office, kind)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        text = text_of(answer.data)
        for said in ("Kartu Keluarga", "Surat keterangan hilang dari kepolisian", "3 hari kerja", "Gratis", "LAPOR!"):
            assert squashed(said) in text


def test_without_a_number_the_code_opens_the_page_that_begins_the_application(office: InProcess) -> None:
    url = page_link(office.settings.public_url, BUKIT_SANGKAL, "KTP")
    assert code_of(fetched(office, "picture").data) == url
    assert [codes_in(fetched(office, kind).data) for kind in ("notice", "sop")] == [[url], [url]]


def test_with_a_number_it_opens_whatsapp_with_the_service_typed_in(office: InProcess) -> None:
    story.office(office, address=story.OFFICE["address"] | {"whatsapp": "0812-3456-7890"})
    done(office)
    url = whatsapp_link("0812-3456-7890", "Pengantar KTP-el")
    assert code_of(fetched(office, "picture").data) == url
    assert codes_in(fetched(office, "notice").data) == [url] and squashed("0812-3456-7890") in text_of(
        fetched(office, "notice").data
    )


def test_a_reader_that_has_it_gets_304_and_a_cache_may_keep_it(office: InProcess) -> None:
    first = fetched(office, "notice")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = fetched(office, "notice", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_version_takes_the_place_of_the_old_one_whose_files_go(office: InProcess) -> None:
    before, etag = lying(office), fetched(office, "sop").headers["ETag"]
    publish(office, version=2, days=2)
    done(office)
    after = lying(office)
    assert len(before) == len(after) == 3 and not set(before) & set(after)
    answer = fetched(office, "sop")
    assert answer.headers["ETag"] != etag and squashed("Paling lama 2 hari kerja") in text_of(answer.data)


def test_a_version_is_shown_from_its_day_on_and_not_before(office: InProcess) -> None:
    publish(office, version=2, days=2, effective_from="2026-08-16")
    done(office)
    assert leaflets.follow(office.deps) == 0
    assert office.call("GET", BASE).json["items"][0]["version"] == 1
    before = office.clock.at
    office.clock.at += timedelta(days=2)
    try:
        assert leaflets.follow(office.deps) == 1
        done(office)
        assert leaflets.follow(office.deps) == 0
    finally:
        office.clock.at = before
    assert office.call("GET", BASE).json["items"][0]["version"] == 2


def test_the_day_on_which_the_door_closes_to_visitors_makes_them_anew(office: InProcess) -> None:
    week = {"name": "Wabah", "first_day": "2026-08-20", "last_day": "2026-08-21"}
    story.office(office, calendar={"closed_to_visitors": [week]})
    done(office)
    assert leaflets.follow(office.deps) == 0
    before = office.clock.at
    said = []
    try:
        for days in (5, 6, 8):
            office.clock.at = before + timedelta(days=days)
            leaflets.follow(office.deps)
            done(office)
            said.append(squashed("tidak menerima tamu") in text_of(fetched(office, "notice").data))
            assert leaflets.follow(office.deps) == 0
    finally:
        office.clock.at = before
    assert said == [False, True, False]


def test_of_a_service_that_is_offered_no_more_nothing_stays(office: InProcess) -> None:
    publish(office, retired_from="2026-08-14")
    done(office)
    assert fetched(office, "picture").status_code == 404
    assert (lying(office), office.call("GET", BASE).json) == ([], {"items": []})


def test_the_letterhead_and_the_emblem_change_them_and_what_nobody_sees_there_does_not(office: InProcess) -> None:
    etag = fetched(office, "notice").headers["ETag"]
    story.office(office, courier={"name": "Kurir Contoh", "price": 12000, "payer": "office"})
    assert done(office).count("make_leaflets") >= 1 and fetched(office, "notice").headers["ETag"] == etag
    office.call("PUT", "/v1/templates/emblem", "administrator", data={"file": (io.BytesIO(picture()), "lambang.png")})
    done(office)
    with_emblem = fetched(office, "notice").headers["ETag"]
    assert with_emblem != etag
    office.call("DELETE", "/v1/templates/emblem", "administrator")
    done(office)
    assert fetched(office, "notice").headers["ETag"] == etag, "the same data give the same bytes"


def test_each_office_has_its_own(office: InProcess) -> None:
    story.office(office, OFFICES[1], name="Sei Selincah")
    publish(office, OFFICES[1])
    done(office)
    assert len(lying(office)) == len(lying(office, OFFICES[1])) == 3
    other = office.call("GET", f"/v1/leaflets/{OFFICES[1]}/KTP/sop")
    assert squashed("KELURAHAN SEI SELINCAH") in text_of(other.data)
    assert squashed("KELURAHAN BUKIT SANGKAL") in text_of(fetched(office, "sop").data)


@pytest.mark.parametrize(
    "path", [f"{BASE}/KTP/poster", f"{BASE}/ktp/picture", f"{BASE}/ZZZ/picture", "/v1/leaflets/palembang/KTP/picture",
             "/v1/leaflets/16.71.10.9999", "/v1/leaflets/16.71.10.9999/KTP/sop"],
)  # fmt: skip
def test_what_there_is_not_is_404(office: InProcess, path: str) -> None:
    assert office.call("GET", path).status_code == 404


def test_what_is_being_made_says_so_and_when_to_ask_again(office: InProcess) -> None:
    publish(office, code="SITU")
    answer = fetched(office, "picture", "SITU")
    assert answer.json["type"] == "urn:problem:leaflet-not-ready" and answer.headers["Retry-After"] == "15"
    assert answer.status_code == 404
    done(office)
    assert fetched(office, "picture", "SITU").status_code == 200


def test_what_cannot_be_printed_says_why_to_the_office_and_shows_nothing_old(office: InProcess) -> None:
    publish(office, version=2, name={"id": "Pengantar \U0001f600", "en": "x"})
    with pytest.raises(CannotRender) as refused:
        done(office)
    [row] = office.rows("SELECT * FROM job WHERE kind = 'make_leaflets' AND attempts > 0")
    job = leaflets.Job(**{name: row[name] for name in ("id", "kind", "tenant", "payload", "attempts", "trace")})
    with office.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("DELETE FROM job WHERE id = %s", [job.id])
        leaflets.give_up(office.deps, tx, job, refused.value.reason)
    [item] = office.call("GET", BASE).json["items"]
    assert "U+1F600" in item["problem"] and item["files"] == []
    assert fetched(office, "picture").status_code == 404
    done(office)
    assert lying(office) == [] and leaflets.follow(office.deps) == 0
    publish(office, version=3)
    done(office)
    assert fetched(office, "picture").status_code == 200


def test_what_could_not_be_made_is_tried_again_when_it_is_told_again(office: InProcess) -> None:
    with office.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE leaflet SET made_by = NULL, files = '{}', problem = 'after 10 attempts: StoreUnavailable'")
    publish(office)
    done(office)
    assert fetched(office, "picture").status_code == 200
    assert office.call("GET", BASE).json["items"][0]["problem"] is None


def test_a_maker_that_died_after_it_had_stored_leaves_nothing_behind(office: InProcess) -> None:
    publish(office, version=2, days=2)
    with mock.patch.object(leaflets, "_put", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        done(office)
    assert len(lying(office)) == 6 and office.call("GET", BASE).json["items"][0]["version"] == 1
    with office.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET state = 'ready', leased_until = NULL WHERE kind = 'make_leaflets'")
    done(office)
    assert len(lying(office)) == 3 and office.call("GET", BASE).json["items"][0]["version"] == 2


def test_a_slow_maker_of_an_older_version_does_not_take_the_newer_ones_place(office: InProcess) -> None:
    publish(office, version=2, days=2)
    render = office.deps.renderer.render

    def and_meanwhile(*given: Any) -> bytes:
        office.deps.renderer.render = render
        publish(office, version=3, days=1)
        done(office)
        return render(*given)

    office.deps.renderer.render = and_meanwhile
    done(office)
    [item] = office.call("GET", BASE).json["items"]
    assert item["version"] == 3 and len(lying(office)) == 3


def test_a_release_with_other_layouts_makes_them_anew(office: InProcess) -> None:
    before = lying(office)
    with mock.patch.object(leaflets, "_layouts", return_value="another"):
        with office.deps.db.transaction("*") as tx:
            leaflets.ask_all(tx)
        done(office)
    assert len(lying(office)) == 3 and not set(before) & set(lying(office))


def test_the_desk_shows_each_service_with_what_can_be_shared_and_printed(office: InProcess) -> None:
    shown = signed_in(office, "officer").open("/documents/lembar-layanan")
    assert shown.status_code == 200 and "Pengantar KTP-el" in shown.text
    for kind in KINDS:
        assert f'href="{BASE}/KTP/{kind}"' in shown.text
    assert f'<img src="{BASE}/KTP/picture"' in shown.text


def test_the_desk_says_of_which_service_there_is_nothing_and_why(office: InProcess) -> None:
    with office.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE leaflet SET made_by = NULL, files = '{}', problem = 'no font prints U+1F600'")
    shown = signed_in(office, "administrator").open("/documents/lembar-layanan")
    assert "Tidak dapat dibuat" in shown.text and "U+1F600" in shown.text and "<img" not in shown.text


def test_a_maker_that_lost_its_job_to_another_writes_over_nothing_of_the_newer_version(office: InProcess) -> None:
    publish(office, version=2, days=2)
    render = office.deps.renderer.render

    def and_meanwhile(*given: Any) -> bytes:
        made: bytes = render(*given)
        office.deps.renderer.render = render
        publish(office, version=3, days=1)
        with office.deps.db.transaction("*") as tx:
            tx.execute("DELETE FROM job WHERE kind = 'make_leaflets' AND state = 'ready'")
            tx.execute("UPDATE job SET state = 'ready', leased_until = NULL WHERE kind = 'make_leaflets'")
        done(office)
        return made

    office.deps.renderer.render = and_meanwhile
    with pytest.raises(LeaseLost):
        done(office)
    assert office.call("GET", BASE).json["items"][0]["version"] == 3
    for kind in KINDS:
        answer = fetched(office, kind)
        assert answer.headers["ETag"].strip('"') == hashlib.sha256(answer.data).hexdigest(), kind


def test_what_was_only_not_to_be_had_for_a_while_leaves_the_old_ones_and_is_made_later(office: InProcess) -> None:
    etag = fetched(office, "sop").headers["ETag"]
    publish(office, version=2, days=2)
    [row] = office.rows("SELECT * FROM job WHERE kind = 'make_leaflets'")
    job = leaflets.Job(**{name: row[name] for name in ("id", "kind", "tenant", "payload", "attempts", "trace")})
    with office.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE job SET state = 'dead' WHERE id = %s", [job.id])
        leaflets.give_up(office.deps, tx, job, "after 12 attempts: StoreUnavailable: away")
    done(office)
    assert fetched(office, "sop").headers["ETag"] == etag and len(lying(office)) == 3
    assert office.call("GET", BASE).json["items"][0]["problem"] is None
    assert leaflets.follow(office.deps) == 1
    done(office)
    assert office.call("GET", BASE).json["items"][0]["version"] == 2


def test_what_a_release_could_not_make_anew_while_the_store_was_away_is_asked_for_again(office: InProcess) -> None:
    with mock.patch.object(leaflets, "_layouts", return_value="another"):
        with office.deps.db.transaction(BUKIT_SANGKAL) as tx:
            job_id = leaflets.jobs.add(tx, leaflets.LEAFLET_JOB, BUKIT_SANGKAL, {"service": "KTP"})
            job = leaflets.Job(job_id, leaflets.LEAFLET_JOB, BUKIT_SANGKAL, {"service": "KTP"}, 12, None)
            tx.execute("UPDATE job SET state = 'dead' WHERE id = %s", [job_id])
            leaflets.give_up(office.deps, tx, job, "after 12 attempts: StoreUnavailable: away")
        before = lying(office)
        assert leaflets.follow(office.deps) == 1
        done(office)
        assert not set(before) & set(lying(office)) and leaflets.follow(office.deps) == 0
