"""intake's part of the world: two offices, everybody's case, and the ways to one where it is wanted."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any
from uuid import UUID

from intake.domain.survey import ELEMENTS
from intake.offices import shipped_office
from intake.store import applications, openings
from intake.usecases import figures, surveys
from kit.ids import new_id
from tests.access import sign_in_world
from tests.access.calls import World
from tests.access.people import EVERYBODY, ROHANA, STRANGER, Person
from tests.integration.intake import cast
from tests.integration.intake.test_consent import HELPER, NUR, OWN, ask, messages, post
from tests.integration.intake.test_files import send
from tests.integration.intake.test_record import provide
from tests.integration.intake.test_sops import drafted, published, sop
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.talking import Phone
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

OWN_SERVICE = "RAHASIA"
"""A service that the office wrote for itself."""
PAPERS = ("PENGANTAR_RT", "SURAT_KEHILANGAN")
RESIDENT = {"sub": ROHANA.sub}
_PHOTO = pictures.jpeg()


def world(intake: InProcess) -> World:
    made = World(intake)
    new = deepcopy(dict(shipped_office(BUKIT_SANGKAL))) | {"code": KALIDONI, "name": "Kalidoni"}
    answer = intake.call("PUT", f"/v1/offices/{KALIDONI}", "administrator", who={"tenant": KALIDONI}, json=new)
    assert answer.status_code == 200, answer.text
    made.kept["cases"] = {person: opened(intake, person, nik=person.nik) for person in EVERYBODY}
    for person in (ROHANA, STRANGER):
        opened(intake, person, helper=person.contact | {"relation": "tetangga"})
    made.kept["late"] = {ROHANA: submitted(intake), STRANGER: _submitted_elsewhere(intake)}
    case = made.kept["cases"][ROHANA]
    made.kept["file"] = send(intake, case["id"], pictures.jpeg(), "SURAT_KEHILANGAN", who=RESIDENT).json["file_id"]
    intake.work()
    for _version in range(2):
        published(intake, OWN_SERVICE, sop("DOMISILI"))
    figures.roll_up(intake.deps)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        openings.take(tx, BUKIT_SANGKAL, intake.clock.now().date())
    made.kept["accounts"] = sign_in_world.people(intake)
    for person in (ROHANA, STRANGER):
        cast.show(intake, made.kept["cases"][person]["id"], who={"tenant": person.kelurahan})
    for person in (ROHANA, STRANGER):
        talk(intake, person)
    made.kept["draft"] = drafted(intake, "KONSEP", sop("DOMISILI"))
    return made


def talk(intake: InProcess, person: Person) -> Phone:
    """A conversation that has opened a case and told its link."""
    phone = Phone(intake, name=person.name, number=person.contact["phone"], kelurahan=person.kelurahan)
    for text in ("ktp", "1", f"{person.name}, RT {person.rt} RW {person.rw}", "baru"):
        phone.sends(text)
    return phone


def opened(intake: InProcess, person: Person = ROHANA, nik: str | None = None, **more: Any) -> dict[str, Any]:
    """A draft of his own; for somebody else, where there is a `helper`."""
    about = {"address": person.street, "rt": person.rt, "rw": person.rw} | ({"nik": nik} if nik else {})
    if "helper" not in more:
        about |= {"name": person.name}
        more |= {"contact": person.contact}
    else:
        _helpers_begin_anew(intake)
    who = {"sub": person.sub, "tenant": person.kelurahan}
    return cast.opened(intake, who, applicant=cast.applicant(**about), **more)


def _helpers_begin_anew(intake: InProcess) -> None:
    """Nobody opens as many cases for others a day as are opened here."""
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE helper SET on_day = 0")


def with_papers(intake: InProcess) -> dict[str, Any]:
    case = opened(intake)
    for requirement in PAPERS:
        cast.put_file(intake, case["id"], requirement)
    return case


def submitted(intake: InProcess) -> dict[str, Any]:
    return cast.step(intake, with_papers(intake)["id"], "submission", "applicant")


def received(intake: InProcess) -> dict[str, Any]:
    return cast.step(intake, submitted(intake)["id"], "receipt")


def returned(intake: InProcess) -> dict[str, Any]:
    items = {"items": [{"requirement": "SURAT_KEHILANGAN", "problem": "Tulisan tidak terbaca"}]}
    case = cast.step(intake, submitted(intake)["id"], "return", sent=items)
    cast.put_file(intake, case["id"], "SURAT_KEHILANGAN")
    return case


def withdrawn(intake: InProcess) -> dict[str, Any]:
    return cast.step(intake, submitted(intake)["id"], "withdrawal", "applicant", {"reason": "Tidak jadi"})


def recorded(intake: InProcess) -> dict[str, Any]:
    """Its whole record can be fetched."""
    case = opened(intake)
    for role, who in (("applicant", RESIDENT), ("officer", cast.YANTI)):  # each fetches the one that he asked for
        answer = intake.call("POST", cast.path(case["id"], "record"), role, who=who, json={})
        assert answer.status_code == 202, answer.text
        for service in ("verification", "documents", "notify"):
            provide(intake, case["id"], service)
        intake.work()
    return case


def to_correct(intake: InProcess) -> tuple[str, str]:
    """(case, correction) of a case of which something is to be corrected."""
    case = opened(intake)
    sent = {"words": "Nama ayah saya salah tulis."}
    answer = intake.call("POST", cast.path(case["id"], "corrections"), "applicant", who=RESIDENT, json=sent)
    assert answer.status_code == 201, answer.text
    return case["id"], answer.json["correction_id"]


def doubted(intake: InProcess) -> dict[str, Any]:
    case = received(intake)
    cast.verdict(intake, case["id"], passed=False)
    return case


def original_wanted(intake: InProcess) -> dict[str, Any]:
    """The RT head wants to see the police letter's original."""
    case = received(intake)
    verdicts = [
        {"file_id": str(file["file_id"]), "requirement": file["requirement"], "verdict": verdict}
        for file in cast.show(intake, case["id"])["files"]
        for verdict in ["bring_original" if file["requirement"] == "SURAT_KEHILANGAN" else "genuine"]
    ]
    cast.verdict(intake, case["id"], passed=False, reason="bring_original", verdicts=verdicts)
    return case


def granted(intake: InProcess) -> tuple[str, str, str]:
    """A received case with a photo that was looked at: its id, the photo's, and the grant for the RT head."""
    case = opened(intake)
    for number, requirement in enumerate(PAPERS):
        assert send(intake, case["id"], pictures.jpeg(64 + number, 48), requirement, who=RESIDENT).status_code == 201
    intake.work()
    cast.step(intake, case["id"], "submission", "applicant")
    cast.step(intake, case["id"], "receipt")
    [told] = [event for event in cast.events_of(intake, case["id"]) if event["type"] == "application.received"]
    file_id, grant = next(iter(told["data"]["person"]["grants"].items()))
    return case["id"], str(file_id), str(grant)


def _submitted_elsewhere(intake: InProcess) -> dict[str, Any]:
    """At the other office nothing is asked for, so that nothing has to be sent."""
    case, reason = opened(intake, STRANGER), {"reason": "Dikenal di loket"}
    for step in ("introduction/waiver", "requirements/SURAT_KEHILANGAN/waiver"):
        cast.step(intake, case["id"], step, who={"tenant": KALIDONI}, sent=reason)
    return cast.step(
        intake, case["id"], "submission", "applicant", who={"sub": STRANGER.sub, "tenant": KALIDONI}
    )  # fmt: skip


# --- somebody helps -------------------------------------------------------------------------------------------------


def helped(intake: InProcess) -> dict[str, Any]:
    """Rohana helps a neighbour."""
    return opened(intake, helper=ROHANA.contact | {"relation": "tetangga"})


def helped_with_code(intake: InProcess) -> tuple[dict[str, Any], str]:
    """Rohana helps, and the code is there to which the neighbour agrees."""
    case = helped(intake)
    sent = post(intake, cast.path(case["id"], "consent", "codes"), {"phone": OWN}, who=RESIDENT)
    assert sent.status_code == 200, sent.text
    return case, str(messages(intake, "consent_code", case["id"])[-1]["person"]["values"]["code"])


def by_nuraini(intake: InProcess) -> dict[str, Any]:
    """Nur'aini helps somebody who has not agreed yet."""
    _helpers_begin_anew(intake)
    return cast.opened(intake, NUR, helper=HELPER)


def codes_to_agree(intake: InProcess) -> dict[str, str]:
    case = by_nuraini(intake)
    return {"tracking_code": case["tracking_code"], "code": ask(intake, case)}


def agreed_by(intake: InProcess, sub: str) -> dict[str, Any]:
    """The person herself agreed, with her own login: the case."""
    case = by_nuraini(intake)
    codes = {"tracking_code": case["tracking_code"], "code": ask(intake, case)}
    answer = post(intake, "/v1/applications/consents", codes, who={"sub": sub})
    assert answer.status_code == 200, answer.text
    return case


def codes_to_revoke(intake: InProcess) -> dict[str, str]:
    case = agreed_by(intake, "somebody-else")
    asked = {"tracking_code": case["tracking_code"], "phone": OWN}
    assert post(intake, "/v1/applications/consents/revocation/codes", asked, who=RESIDENT).status_code == 202
    sent = messages(intake, "consent_revocation_code", case["id"])[-1]
    return {"tracking_code": case["tracking_code"], "code": sent["person"]["values"]["code"]}


def codes_to_claim(intake: InProcess) -> dict[str, str]:
    """An officer ended the help; the case waits for the person whose it is."""
    case = by_nuraini(intake)
    cast.step(intake, case["id"], "consent/revocation", sent={"phone": OWN})
    sent = messages(intake, "consent_revoked", case["id"])[-1]
    return {"tracking_code": case["tracking_code"], "code": sent["person"]["values"]["claim_code"]}


def photo_form() -> dict[str, Any]:
    return {"requirement": "SURAT_KEHILANGAN", "file": (io.BytesIO(_PHOTO), "nama orang.jpg")}


def surveyed(intake: InProcess, person: Person = ROHANA) -> str:
    """Somebody is asked about his case; the token of the link."""
    deps, case = intake.deps, opened(intake, person)
    with deps.db.transaction(person.kelurahan) as tx:
        app = applications.lock(tx, deps.data_keys, UUID(case["id"]))
        assert app is not None
        surveys.invite(deps, tx, app)
    [sent] = messages(intake, "survey_invitation", case["id"])
    return str(sent["person"]["values"]["link"]).rpartition("/")[2]


def commented(intake: InProcess, person: Person) -> str:
    """Somebody answers, and writes something besides: his words."""
    said = f"Petugas ramah kepada {person.name}"
    body = {"answers": all_fours(), "comment": said}
    answer = intake.call("POST", f"/v1/surveys/{surveyed(intake, person)}/answer", None, json=body)
    assert answer.status_code == 201, answer.text
    return said


def all_fours() -> dict[str, int]:
    return {one.code: 4 for one in ELEMENTS}


def written(intake: InProcess, person: Person) -> str:
    """A voice message of somebody to his office; its id."""
    phone = Phone(intake, name=person.name, number=person.contact["phone"], kelurahan=person.kelurahan)
    message_id = str(new_id())
    phone.sends(f"suara {person.name}", kind="voice", file=phone.stored(b"OggS"), message_id=message_id)
    return message_id
