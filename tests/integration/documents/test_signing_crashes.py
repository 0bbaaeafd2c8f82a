"""Signing, cut off at each point by a process that ends by force; then the job or the request comes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from deploy.demo import certificates
from deploy.local.stack import Stack
from documents.jobs import TIMERS
from kit import jobs
from kit.db import EVERY_TENANT
from tests.integration.documents.story import Case
from tests.integration.documents.test_signing import SECRET, check, content, decide, keep, scan, sign, signed_one
from tests.support import bsre
from tests.support.files import pdf
from tests.support.services import InProcess
from tests.support.serving import serving
from tests.support.tokens import BUKIT_SANGKAL

PRELUDE = """
import json, os, sys
from datetime import datetime, UTC
from io import BytesIO
from types import SimpleNamespace
from uuid import UUID
from documents import jobs as work
from documents.app import SERVICE
from documents.rendering import Renderer
from documents.signing import bsre, pades
from documents.usecases import issuing, objects, scanning, signing
from documents.store import letters
from kit import jobs
from kit.auth import Caller
from kit.clock import FixedClock
from kit.db import Database
from kit.objects import ObjectStore
settings = SERVICE.settings.read()
db = Database(settings.database_url)
deps = SERVICE.build(settings, db, FixedClock(datetime(2026, 8, 14, 2, 0, tzinfo=UTC)))
given = json.load(sys.stdin)
def die(*_args, **_more):
    os._exit(9)
def then_die(does):
    def done(*args, **more):
        does(*args, **more)
        die()
    return done
"""

PREPARE = "job = jobs.claim(db, {'issue_letter': work.JOBS['issue_letter']})\nwork.JOBS['issue_letter'].work(deps, job)"
SIGN = """
who = Caller(**given["who"] | {"roles": frozenset(given["who"]["roles"])})
secret = signing.Secret(given["passphrase"], given["nik"])
signing.sign_letters(deps, who, [signing.Order(UUID(given["letter_id"]))], None, secret)
"""
SCAN = """
with db.transaction(given["tenant"]) as tx:
    letter = letters.get(tx, UUID(given["letter_id"]))
stored = scanning.store(deps, letter, SimpleNamespace(stream=BytesIO(given["scan"].encode("latin-1"))))
with db.transaction(given["tenant"]) as tx:
    signing.take_scan(deps, tx, letters.get(tx, letter.id, lock=True), stored)
"""

PREPARING = {
    "between number and rendering": "Renderer.render = die",
    "between rendering and storing the sheet": "objects.store_sheet = die",
    "between storing the sheet and its commit": "issuing.keep_sheet = die",
    "before the commit of the sheet": "issuing.keep_sheet = then_die(issuing.keep_sheet)",
}
SIGNING = {
    "before the key signs": "pades.sign = die",
    "between signing and storing the signed bytes": "objects._put = die",
    "between storing the signed bytes and issuing": "issuing.issue = die",
    "before the commit of the issue": "issuing.issue = then_die(issuing.issue)",
    "after the commit of the issue": "signing._issue = then_die(signing._issue)",
}
ORDERING = {
    "before the order leaves": "bsre.Bsre.sign = die",
    "after the answer came": "signing._is_as_printed = die",
    "between signing and storing the signed bytes": "objects._put = die",
    "between storing the signed bytes and issuing": "issuing.issue = die",
    "before the commit of the issue": "issuing.issue = then_die(issuing.issue)",
    "after the commit of the issue": "signing._issue = then_die(signing._issue)",
}


@pytest.fixture
def signer(desk: InProcess) -> dict[str, Any]:
    who = {"sub": "lurah-in-a-crash"}
    assert keep(desk, who, certificates.signer()).status_code == 200
    return who


@pytest.fixture
def service(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[bsre.StandIn]:
    with serving(bsre.StandIn()) as there:
        monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, **of_bsre(there)))
        yield there


def of_bsre(there: bsre.StandIn) -> dict[str, str]:
    return {
        "bsre_url": there.url, "bsre_user": bsre.USER, "bsre_password": bsre.PASSWORD, "psre_roots": there.psre.pem,
    }  # fmt: skip


def dies(parts: Stack, code: str, given: dict[str, Any] | None = None, **environment: str) -> None:
    """A process of its own does this and ends by force."""
    chosen = os.environ | parts.env("documents") | {"SAMPLE_DATA": "true"} | environment
    ended = subprocess.run([sys.executable, "-c", f"{PRELUDE}\n{code}"], input=json.dumps(given or {}), env=chosen,
                           timeout=60, capture_output=True, text=True)  # fmt: skip
    assert ended.returncode == 9, ended.stderr


def order(letter: dict[str, Any], subject: str, passphrase: str, nik: str | None = None) -> dict[str, Any]:
    who = {"subject": subject, "roles": ["lurah"], "tenant": BUKIT_SANGKAL, "claims": {}}
    return {"letter_id": letter["id"], "who": who, "passphrase": passphrase, "nik": nik, "tenant": BUKIT_SANGKAL}


def resume(desk: InProcess) -> None:
    """What the next worker does: leases of the dead end, jobs go on, removals that wait are done."""
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() - interval '1 second' WHERE state = 'running'")
    jobs.release_expired(desk.deps.db)
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE state = 'ready'")
    desk.work()


def objects_of(desk: InProcess, letter: dict[str, Any]) -> set[str]:
    """The keys of all that the store has of a letter."""
    client, bucket = desk.deps.objects._minio(), desk.deps.settings.s3_bucket
    return {
        str(one.object_name)
        for part in ("letters", "sheets", "drafts")
        for one in client.list_objects(bucket, f"{BUKIT_SANGKAL}/{part}/{letter['id']}/", recursive=True)
    }


def is_issued_once(desk: InProcess, case: Case, number: str) -> None:
    resume(desk)
    [letter] = [one for one in case.letters(form=False) if one["kind"] != "introduction"]
    assert (letter["status"], letter["number"]) == ("issued", number)
    [told] = case.told("letter.issued")
    assert told["file"]["sha256"] == letter["sha256"] and len(case.told("production.done")) == 1
    assert len(content(desk, letter)) == letter["size"]
    assert objects_of(desk, letter) == {told["file"]["key"]}
    assert check(desk, letter).json["result"] == "valid"
    assert desk.rows("SELECT count(*) AS n FROM register_line WHERE letter_id = %s", [letter["id"]]) == [{"n": 1}]


def numbered(case: Case, method: str, who: dict[str, Any] | None = None) -> dict[str, Any]:
    """Decided on, its sheet still to be made."""
    draft = case.letter()
    body = {"decision": "issue", "preview_sha256": draft["preview_sha256"], "method": method}
    answer = case.service.call("POST", f"/v1/letters/{draft['id']}/decision", "lurah", who=who, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


@pytest.mark.parametrize("method", ["certificate", "by_hand"])
@pytest.mark.parametrize("point", PREPARING)
def test_a_sheet_cut_off_is_prepared_again_for_the_same_number_and_signed_once(
    desk: InProcess, parts: Stack, signer: dict[str, Any], point: str, method: str
) -> None:
    case = Case(desk).verified()
    letter = numbered(case, method, signer)
    dies(parts, f"{PREPARING[point]}\n{PREPARE}")
    assert case.letter()["status"] == "numbered" and check(desk, letter).status_code == 404
    resume(desk)
    if method == "certificate":
        assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"
    else:
        assert scan(case, letter, pdf()).status_code == 200
    is_issued_once(desk, case, letter["number"])


@pytest.mark.parametrize("point", SIGNING)
def test_a_signature_cut_off_is_asked_for_again_and_the_letter_is_issued_once(
    desk: InProcess, parts: Stack, signer: dict[str, Any], point: str
) -> None:
    case = Case(desk).verified()
    letter = decide(case, "certificate", signer)
    dies(parts, f"{SIGNING[point]}\n{SIGN}", order(letter, signer["sub"], certificates.PASSPHRASE))
    done = point.startswith("after")
    assert case.letter()["status"] == ("issued" if done else "numbered")
    assert check(desk, letter).status_code == (200 if done else 404)
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"
    is_issued_once(desk, case, letter["number"])


@pytest.mark.parametrize("point", [name for name in SIGNING if "issu" in name and not name.startswith("after")])
def test_a_scan_cut_off_is_sent_again_and_the_letter_is_issued_once(desk: InProcess, parts: Stack, point: str) -> None:
    case = Case(desk).verified()
    letter = decide(case, "by_hand")
    dies(parts, f"{SIGNING[point]}\n{SCAN}", order(letter, "officer-1", "") | {"scan": pdf().decode("latin-1")})
    assert case.letter()["status"] == "numbered" and check(desk, letter).status_code == 404
    assert scan(case, letter, pdf()).status_code == 200
    is_issued_once(desk, case, letter["number"])


@pytest.mark.parametrize("point", ORDERING)
def test_an_order_to_the_bsre_cut_off_ends_in_one_letter_or_in_unknown_and_is_never_sent_again_by_itself(
    desk: InProcess, parts: Stack, service: bsre.StandIn, point: str
) -> None:
    case = Case(desk).verified()
    letter = decide(case, "bsre")
    given = order(letter, "lurah-1", bsre.PASSPHRASE, bsre.NIK)
    dies(
        parts, f"{ORDERING[point]}\n{SIGN}", given, **{name.upper(): value for name, value in of_bsre(service).items()}
    )
    sent = len(service.orders)
    assert sent == (0 if point == "before the order leaves" else 1)
    secret = {"passphrase": bsre.PASSPHRASE, "nik": bsre.NIK}
    again = signed_one(sign(desk, {}, letter, **secret))
    if not point.startswith("after the commit"):
        assert again["letter"]["status"] == "signing" and check(desk, letter).status_code == 404
        with desk.deps.db.transaction(EVERY_TENANT) as tx:
            tx.execute("UPDATE letter SET signing_since = signing_since - interval '1 hour' WHERE id = %s",
                       [letter["id"]])  # fmt: skip
        TIMERS["lost-signatures"].work(desk.deps)
        resume(desk)
        assert signed_one(sign(desk, {}, letter, **secret))["letter"]["status"] == "unknown"
        assert len(service.orders) == sent and case.told("letter.issued") == []
        path = f"/v1/letters/{letter['id']}/outcome"
        assert desk.call("POST", path, "officer", json={"outcome": "not_signed"}).json["status"] == "numbered"
        assert signed_one(sign(desk, {}, letter, **secret))["letter"]["status"] == "issued"
        sent += 1
    assert len(service.orders) == sent
    is_issued_once(desk, case, letter["number"])


def test_a_scan_that_is_refused_leaves_nothing_in_the_store(desk: InProcess) -> None:
    case = Case(desk).verified()
    letter = decide(case, "by_hand")
    assert scan(case, letter, pdf()).status_code == 200
    assert scan(case, letter, pdf(pages=2)).status_code == 409
    is_issued_once(desk, case, letter["number"])


def test_a_sheet_that_is_prepared_for_another_certificate_and_back_again_is_not_removed(
    desk: InProcess, signer: dict[str, Any]
) -> None:
    case = Case(desk).verified()
    letter = decide(case, "certificate", signer)
    other = {"sub": "secretary-in-a-crash"}
    assert keep(desk, other, certificates.signer("Sekretaris", by=certificates.authority("Lain"))).status_code == 200
    for who in (other, signer):
        assert signed_one(sign(desk, who, letter, **SECRET))["problem"]["type"] == "urn:problem:not-prepared"
        desk.work()
    resume(desk)
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"
    is_issued_once(desk, case, letter["number"])
