"""No courier gets the name and address of who does not agree to it."""

from __future__ import annotations

from tests.integration.documents.story import Case
from tests.support.services import InProcess


def test_a_courier_is_refused_once_the_applicant_wants_none(desk: InProcess) -> None:
    case = Case(desk).issued()
    case.tell("issued", consents={"courier": False})
    [handover] = desk.rows("SELECT id FROM handover WHERE application_id = %s", [case.id])
    sent = {"method": "courier", "courier": "Kurir Contoh", "price": 12000, "payer": "office"}
    path = f"/v1/handovers/{handover['id']}/dispatch"
    refused = desk.call("POST", path, "officer", json=sent)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:courier-consent-withdrawn")
    case.tell("changed", "issued", consents={"courier": True})
    assert desk.call("POST", path, "officer", json=sent).status_code == 200
