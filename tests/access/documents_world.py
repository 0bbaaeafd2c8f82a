"""documents' part of the world: everybody's issued letter, and the ways to one that is where it is wanted."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

from deploy.demo import certificates
from kit.ids import new_id
from tests.access.calls import World
from tests.access.people import NEIGHBOUR, OWN, ROHANA, STRANGER, Caller, Person, callers_of
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.integration.documents.test_bundles import picture as photo
from tests.integration.documents.test_emblems import picture
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

COURIER = {"courier": "Kurir Contoh, Pak Darmawan", "price": 12000, "payer": "applicant"}
SECRET_WORDS = {ROHANA: "Hanya untuk Bukit Sangkal.", STRANGER: "Hanya untuk Kalidoni."}
WRITTEN = "business_place"
"""A letter kind of which no letter waits, so that its texts may be published as often as one likes."""
_PHOTO, _EMBLEM = photo(1240, 1754), picture()


def world(documents: InProcess) -> World:
    """Two offices; a case with all its letters for everybody."""
    made = World(documents)
    for tenant in (BUKIT_SANGKAL, KALIDONI):
        story.office(documents, tenant)
        story.catalogue(documents, tenant)
    made.kept["cases"] = {person: _case(documents, person).issued() for person in (ROHANA, NEIGHBOUR, STRANGER)}
    for person, words in SECRET_WORDS.items():
        write(documents, person.kelurahan, words)
        publish(documents, person.kelurahan)
    return made


def _case(documents: InProcess, person: Person = ROHANA) -> Case:
    about = {"name": person.name, "nik": person.nik, "address": person.street}
    return Case(documents, owner=person.sub, tenant=person.kelurahan, applicant=story.ROHANA | about)


def drafted(world: World) -> Case:
    return _case(world.service).verified()


def issued(world: World) -> Case:
    return _case(world.service).issued()


def known(world: World) -> Case:
    """Rohana's case that was there from the beginning."""
    found: Case = world.kept["cases"][ROHANA]
    return found


def introduction(world: World) -> str:
    """The letter by which the head of RT 023 introduces her."""
    introduction_id = new_id()
    about = {"name": ROHANA.name, "nik": ROHANA.nik, "address": ROHANA.street}
    person = {"applicant": story.ROHANA | about, "contact": story.CONTACT, "rt_head": {"name": "Marzuki HS"}}
    story.grant(world.service, introduction_id=introduction_id, owner=ROHANA.sub, person=person)
    world.service.work()
    [row] = world.service.rows("SELECT id FROM letter WHERE introduction_id = %s", [introduction_id])
    return str(row["id"])


def numbered(world: World, method: str, who: Caller | None = None) -> dict[str, Any]:
    """A letter that has its number, its sheet printed."""
    case = drafted(world)
    letter = case.letter()
    body = {"decision": "issue", "preview_sha256": letter["preview_sha256"], "method": method}
    claims = who.claims if who else None
    answer = world.service.call("POST", f"/v1/letters/{letter['id']}/decision", "lurah", who=claims, json=body)
    assert answer.status_code == 200, answer.text
    world.service.work()
    return case.letter()


def unknown(world: World) -> str:
    """A letter of which nobody knows whether the signing service signed it."""
    letter = numbered(world, "by_hand")
    with world.service.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE letter SET status = 'unknown', method = 'bsre' WHERE id = %s", [letter["id"]])
    return str(letter["id"])


def token_of(world: World) -> str:
    """What the QR code of Rohana's letter leads to."""
    [row] = world.service.rows("SELECT token FROM letter WHERE id = %s", [known(world).letter()["id"]])
    return str(row["token"])


def content(world: World) -> bytes:
    answer = world.service.call("GET", f"/v1/letters/{known(world).letter()['id']}/content", "officer")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def bundle(world: World) -> str:
    asked = world.service.call("POST", "/v1/bundles", "officer", json={"application_id": str(known(world).id)})
    assert asked.status_code == 202, asked.text
    world.service.work()
    return str(asked.json["id"])


def leaflets(world: World) -> str:
    """The office's leaflets are made; whose they are."""
    with world.service.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE kind = 'make_leaflets'")
    world.service.work()
    return BUKIT_SANGKAL


# --- hand-overs -------------------------------------------------------------------------------------------------------


def handover(world: World, case: Case) -> str:
    answer = world.service.call("GET", f"/v1/handovers?application_id={case.id}", "officer")
    assert answer.status_code == 200, answer.text
    [one] = answer.json["items"]
    return str(one["id"])


def ready(world: World) -> str:
    return handover(world, issued(world))


def dispatched(world: World) -> str:
    """With the courier."""
    found = ready(world)
    answer = world.service.call("POST", f"/v1/handovers/{found}/dispatch", "officer", json=COURIER)
    assert answer.status_code == 200, answer.text
    return found


# --- what the office writes -------------------------------------------------------------------------------------------


def write(documents: InProcess, tenant: str = BUKIT_SANGKAL, words: str = "Demikian.", kind: str = WRITTEN) -> None:
    answer = documents.call(
        "PUT", f"/v1/templates/{kind}/draft", "administrator", who={"tenant": tenant}, json={"closing": words}
    )
    assert answer.status_code == 200, answer.text


def publish(documents: InProcess, tenant: str, kind: str = WRITTEN) -> None:
    answer = documents.call("POST", f"/v1/templates/{kind}/publish", "lurah", who={"tenant": tenant})
    assert answer.status_code == 200, answer.text
    documents.work()


def emblem_form() -> dict[str, Any]:
    return {"file": (BytesIO(_EMBLEM), "lambang.png")}


def photo_form() -> dict[str, Any]:
    return {"file": (BytesIO(_PHOTO), "pindai.jpg")}


def put_emblem(world: World) -> None:
    answer = world.service.call("PUT", "/v1/templates/emblem", "lurah", data=emblem_form())
    assert answer.status_code == 200, answer.text
    world.service.work()


def number_elsewhere(world: World) -> str:
    answer = world.service.call("POST", "/v1/registers/numbers", "officer", json=new_number())
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def new_number() -> dict[str, str]:
    return {
        "kind": "Surat undangan", "classification": "005", "addressee": "Ketua RT 023", "subject": "Rapat kebersihan"
    }  # fmt: skip


# --- certificates -----------------------------------------------------------------------------------------------------


def pkcs12() -> dict[str, str]:
    return {"pkcs12": base64.b64encode(certificates.signer()).decode(), "passphrase": certificates.PASSPHRASE}


def own(role: str) -> Caller:
    return next(caller for caller in callers_of(role) if caller.relation == OWN)


def keep_certificates(world: World) -> None:
    """Of those who sign for Rohana's office."""
    for role in ("lurah", "signer"):
        who = own(role).claims
        answer = world.service.call("PUT", "/v1/signatures/certificate", role, who=who, json=pkcs12())
        assert answer.status_code == 200, answer.text
