"""What a business may send to the simulator, and how it is refused: as by the Cloud API."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from deploy.whatsapp_simulator.errors import GraphError
from deploy.whatsapp_simulator.sending import read
from tests.support.eventually import eventually
from tests.support.simulated import Trial


def reply(number: int, **more: str) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"b{number}", "title": f"Pilihan {number}"} | more}


def buttons(*given: dict[str, Any], body: str = "Pilih satu.") -> dict[str, Any]:
    part = {"type": "button", "body": {"text": body}, "action": {"buttons": list(given)}}
    return {"type": "interactive", "interactive": part}


def rows(*counts: int, title: str = "Bagian", **row: str) -> dict[str, Any]:
    sections = [
        {"title": title, "rows": [{"id": f"r{place}-{n}", "title": f"Baris {n}"} | row for n in range(count)]}
        for place, count in enumerate(counts)
    ]
    part = {"type": "list", "body": {"text": "Pilih."}, "action": {"button": "Lihat", "sections": sections}}
    return {"type": "interactive", "interactive": part}


def text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def picture(**image: str) -> dict[str, Any]:
    return {"type": "image", "image": image}


TAKEN = {
    "a text": text("x" * 4096),
    "three buttons": buttons(reply(1), reply(2), reply(3)),
    "a title of 20": buttons(reply(1, title="t" * 20)),
    "an id of 256": buttons(reply(1, id="i" * 256)),
    "a body of 1024": buttons(reply(1), body="x" * 1024),
    "ten rows": rows(4, 6),
    "one section without a title": rows(3, title=""),
    "a row of 24 and 72": rows(1, title="s" * 24, description="d" * 72),
    "a picture by id": picture(id="1", caption="c" * 1024),
    "a picture by link": picture(link="https://example.org/a.jpg"),
    "a document": {"type": "document", "document": {"id": "1", "filename": "surat.pdf", "caption": "Surat"}},
    "a template": {"type": "template", "template": {"name": "siap", "language": {"code": "id"}}},
}
REFUSED = {
    "an empty text": (131008, text("")),
    "a text of 4097": (131009, text("x" * 4097)),
    "no text at all": (131008, {"type": "text"}),
    "four buttons": (131009, buttons(reply(1), reply(2), reply(3), reply(4))),
    "no button": (131009, buttons()),
    "a title of 21": (131009, buttons(reply(1, title="t" * 21))),
    "an id of 257": (131009, buttons(reply(1, id="i" * 257))),
    "two buttons of one title": (131009, buttons(reply(1), reply(2, title="Pilihan 1"))),
    "two buttons of one id": (131009, buttons(reply(1), reply(2, id="b1"))),
    "a body of 1025": (131009, buttons(reply(1), body="x" * 1025)),
    "eleven rows": (131009, rows(5, 6)),
    "two sections without titles": (131008, rows(1, 1, title="")),
    "a row of 73": (131009, rows(1, description="d" * 73)),
    "a picture without anything": (131009, picture()),
    "a picture by id and link": (131009, picture(id="1", link="https://example.org/a.jpg")),
    "a caption of 1025": (131009, picture(id="1", caption="c" * 1025)),
    "a template without a language": (131008, {"type": "template", "template": {"name": "siap"}}),
    "a kind that there is not": (131051, {"type": "poll", "poll": {}}),
    "nobody to send to": (131008, text("x") | {"to": ""}),
    "a number that is none": (131009, text("x") | {"to": "123"}),
    "another product": (100, text("x") | {"messaging_product": "sms"}),
}


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN)
def test_what_is_within_the_limits_is_taken(body: dict[str, Any]) -> None:
    assert read({"messaging_product": "whatsapp", "to": "6281271000072"} | body).phone == "6281271000072"


@pytest.mark.parametrize(("code", "body"), REFUSED.values(), ids=REFUSED)
def test_what_is_over_a_limit_is_refused_with_its_code(code: int, body: dict[str, Any]) -> None:
    with pytest.raises(GraphError) as refused:
        read({"messaging_product": "whatsapp", "to": "6281271000072"} | body)
    assert refused.value.code == code


def test_a_message_reaches_the_phone_and_its_receipts_the_business(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    answer = trial.say("Selamat pagi, Ibu.", biz_opaque_callback_data="nomor-7").json()
    assert answer["contacts"][0] | {"user_id": ""} == {
        "input": "6281271000072",
        "wa_id": "6281271000072",
        "user_id": "",
    }
    shown = ibu.wait_for("selamat pagi")
    assert answer["messages"] == [{"id": shown["id"]}]
    eventually(lambda: len(trial.webhook.statuses()) == 3, what="three receipts")
    receipts = trial.webhook.statuses()
    assert [one["status"] for one in receipts] == ["sent", "delivered", "read"]
    assert {one["id"] for one in receipts} == {shown["id"]}
    assert {one["biz_opaque_callback_data"] for one in receipts} == {"nomor-7"}
    assert {one["recipient_id"] for one in receipts} == {"6281271000072"}
    assert receipts[0]["pricing"] == {
        "billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service",
    }  # fmt: skip
    assert {"id", "origin", "expiration_timestamp"} == set(receipts[0]["conversation"])
    assert trial.signed_right()


def test_a_wrong_token_is_refused_and_the_header_of_a_provider_taken(trial: Trial) -> None:
    trial.phone().say("halo")
    refused = trial.send(text("Halo"), token="another")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, 190)
    assert set(refused.json()["error"]) == {"message", "type", "code", "error_data", "fbtrace_id"}
    assert trial.say().status_code == 200


def test_a_number_that_is_not_the_business_s_is_unknown(trial: Trial) -> None:
    answer = trial.send(text("Halo"), number_id="999")
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (
        400,
        100,
        33,
    )


def test_free_text_goes_within_24_hours_only_and_a_template_always(trial: Trial) -> None:
    ibu = trial.phone()
    template = {"type": "template", "template": {"name": "siap", "language": {"code": "id"}}}
    assert trial.say().json()["error"]["code"] == 131047
    assert trial.send(template).status_code == 200
    ibu.say("halo")
    assert trial.say().status_code == 200
    ibu.set(window="closed")
    assert trial.say().json()["error"]["code"] == 131047
    assert trial.send(template).status_code == 200


def test_a_closed_window_can_come_in_a_receipt_instead(trial: Trial) -> None:
    trial.phone()
    trial.simulator.turn(late_window=True)
    assert trial.say().status_code == 200
    eventually(lambda: trial.webhook.statuses(), what="the receipt")
    [receipt] = trial.webhook.statuses()
    assert (receipt["status"], receipt["errors"][0]["code"]) == ("failed", 131047)
    assert trial.phone().messages() == []


def test_one_message_per_six_seconds_goes_to_one_user_where_that_is_switched_on(trial: Trial) -> None:
    ibu, bapak = trial.phone(), trial.phone("0812 0000 0023", "M. Yusuf Effendi")
    ibu.say("halo")
    bapak.say("halo")
    assert [trial.say().status_code for _ in range(2)] == [200, 200]
    trial.simulator.turn(pair_rate=True)
    assert trial.say().json()["error"]["code"] == 131056
    assert trial.say(to="6281200000023").status_code == 200
    trial.stop_clock(later=6.1)
    assert trial.say().status_code == 200


def test_a_number_sends_as_many_a_second_as_it_may(trial: Trial) -> None:
    trial.phone().say("halo")
    trial.stop_clock()
    trial.simulator.turn(per_second=2)
    assert [trial.say().status_code for _ in range(3)] == [200, 200, 400]
    assert trial.say().json()["error"]["code"] == 130429


def test_the_next_messages_meet_the_error_that_was_asked_for(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    trial.simulator.turn(fail_code=131016, fail_times=2)
    answers = [trial.say() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    trial.simulator.turn(fail_code=131049, fail_times=1, fail_late=True)
    lost = trial.say("Tidak sampai").json()["messages"][0]["id"]
    eventually(lambda: any(one["status"] == "failed" for one in trial.webhook.statuses()), what="the receipt")
    [failed] = [one for one in trial.webhook.statuses() if one["status"] == "failed"]
    assert (failed["id"], failed["errors"][0]["code"]) == (lost, 131049)
    assert "contacts" not in next(value for value in trial.webhook.values() if failed in value.get("statuses", []))
    assert all(one["text"] != "Tidak sampai" for one in ibu.messages())


def test_nobody_is_reached_who_is_away_from_whatsapp(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    ibu.set(away=True)
    assert trial.say("Pertama").status_code == 200
    eventually(lambda: trial.webhook.statuses(), what="the receipt")
    assert trial.webhook.statuses()[0]["errors"][0]["code"] == 131026
    ibu.set(away=False)
    trial.say("Kedua")
    assert [one["text"] for one in ibu.messages(mine=False)] == ["Kedua"]


def test_an_answer_that_is_lost_leaves_the_message_on_the_phone(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    trial.simulator.turn(unanswered=1, hang=0.5)
    began = trial.parts.world.now()
    trial.say("Sekali saja")
    assert trial.parts.world.now() - began > 0.45
    assert [one["text"] for one in ibu.messages(mine=False)] == ["Sekali saja"]


def test_while_it_is_out_nothing_is_answered_and_no_webhook_leaves(trial: Trial) -> None:
    trial.simulator.turn(outage=True)
    trial.phone().say("halo")
    answer = trial.say()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, 2)
    assert trial.webhook.got == []
    trial.simulator.turn(outage=False)
    eventually(lambda: len(trial.webhook.messages()) == 1, what="the webhook after the outage")
    assert trial.say().status_code == 200


TEMPLATE = {
    "name": "letters_ready", "language": "id", "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Surat {{2}} untuk {{1}} sudah siap."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Terima kasih"}]},
    ],
}  # fmt: skip


def filled(*parameters: str) -> dict[str, Any]:
    body = {"type": "body", "parameters": [{"type": "text", "text": one} for one in parameters]}
    button = {
        "type": "button", "sub_type": "quick_reply", "index": "0",
        "parameters": [{"type": "payload", "payload": "thanks"}],
    }  # fmt: skip
    part = {"name": "letters_ready", "language": {"code": "id"}, "components": [body, button]}
    return {"type": "template", "template": part}


def hand_in(trial: Trial) -> None:
    answer = requests.post(
        f"{trial.url}/v26.0/{trial.settings.account_id}/message_templates", json=TEMPLATE,
        headers={"Authorization": f"Bearer {trial.settings.token}"}, timeout=10,
    )  # fmt: skip
    assert answer.json()["status"] == "APPROVED"


def test_a_template_is_filled_and_its_button_comes_back_as_one_of_a_template(trial: Trial) -> None:
    hand_in(trial)
    ibu = trial.phone()
    assert trial.send(filled("Rohana", "KTP")).status_code == 200
    shown = ibu.wait_for("Surat KTP untuk Rohana sudah siap.")
    ibu.press("Terima kasih")
    eventually(lambda: trial.webhook.messages(), what="the webhook")
    [message] = trial.webhook.messages()
    assert message["type"] == "button" and message["button"] == {"payload": "thanks", "text": "Terima kasih"}
    assert message["context"]["id"] == shown["id"]
    eventually(lambda: trial.webhook.statuses(), what="a receipt")
    assert trial.webhook.statuses()[0]["pricing"]["category"] == "utility"


@pytest.mark.parametrize(
    ("code", "parameters"), [(132000, ("Rohana",)), (132018, ("Rohana", "dua\nbaris")), (132012, ("Rohana", ""))]
)
def test_a_template_with_the_wrong_parameters_is_refused(trial: Trial, code: int, parameters: tuple[str, ...]) -> None:
    hand_in(trial)
    assert trial.send(filled(*parameters)).json()["error"]["code"] == code
    trial.simulator.turn(known_templates_only=True)
    unknown = {"type": "template", "template": {"name": "other", "language": {"code": "id"}}}
    assert trial.send(unknown).json()["error"]["code"] == 132001


def test_free_texts_are_charged_after_the_first_thousand_of_a_month(trial: Trial) -> None:
    world = trial.parts.world
    charged = [world.count_service("1") for _ in range(1002)]
    assert charged == [False] * 1000 + [True] * 2
    trial.stop_clock(later=32 * 86400)
    assert world.count_service("1") is False
