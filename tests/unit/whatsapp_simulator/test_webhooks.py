"""What the simulator tells a business: signed, batched, late, twice, until it is taken."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

import pytest
import requests

from deploy.whatsapp_simulator.client import PhoneError
from deploy.whatsapp_simulator.deliveries import signature
from deploy.whatsapp_simulator.settings import SettingsError, read
from tests.support.eventually import eventually
from tests.support.simulated import APP_SECRET, Trial, simulated

ODD = "é @ warung “Pempek” 😀 / <b>  dua  spasi"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def heard(trial: Trial, count: int) -> list[dict[str, Any]]:
    """The messages of all webhooks, once there are so many."""
    eventually(lambda: len(trial.webhook.messages()) >= count, what=f"{count} messages")
    return trial.webhook.messages()


def test_a_text_comes_as_the_documentation_has_it(trial: Trial) -> None:
    trial.phone().say(ODD)
    [message] = heard(trial, 1)
    assert message["text"] == {"body": ODD} and message["from"] == "6281271000072"
    assert message["id"].startswith("wamid.") and message["timestamp"].isdigit()
    body = trial.webhook.got[0]
    [entry] = body["entry"]
    [change] = entry["changes"]
    assert (body["object"], entry["id"], change["field"]) == (
        "whatsapp_business_account", trial.settings.account_id, "messages",
    )  # fmt: skip
    metadata = change["value"]["metadata"]
    assert metadata == {"display_phone_number": "62711350001", "phone_number_id": trial.number_id}
    [contact] = change["value"]["contacts"]
    assert contact["profile"] == {"name": "Nur'aini"} and contact["wa_id"] == "6281271000072"
    assert contact["user_id"] == message["from_user_id"] and contact["user_id"].startswith("ID.")


def test_the_signature_is_over_the_very_bytes_however_they_are_written(trial: Trial) -> None:
    ibu = trial.phone()
    for _ in range(12):
        ibu.say(ODD)
    heard(trial, 12)
    assert trial.signed_right()
    spaced = [body for body, _ in trial.webhook.raw if b" :  " in body]
    escaped = [body for body, _ in trial.webhook.raw if b"\\u0040" in body and "é".encode() not in body]
    assert spaced and escaped and len(spaced) + len(escaped) == 12
    body, given = trial.webhook.raw[0]
    assert signature(APP_SECRET, body[:-2] + b" }") != given


def test_who_hides_his_number_is_known_by_his_id_alone_and_can_be_answered(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.set(hides=True)
    ibu.say("halo")
    [message] = heard(trial, 1)
    assert "from" not in message
    assert "wa_id" not in trial.webhook.values()[0]["contacts"][0]
    answer = trial.say("Selamat pagi", to="", recipient=message["from_user_id"]).json()
    assert "wa_id" not in answer["contacts"][0]
    ibu.wait_for("Selamat pagi")
    eventually(lambda: trial.webhook.statuses(), what="a receipt")
    assert "recipient_id" not in trial.webhook.statuses()[0]
    assert trial.say("Siapa?", to="", recipient="ID.1").json()["error"]["code"] == 131009


def test_buttons_and_lines_of_a_list_come_back_with_their_ids(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    button = {"type": "reply", "reply": {"id": "ya", "title": "Ya, benar"}}
    part: dict[str, Any] = {"type": "button", "body": {"text": "Benar?"}, "action": {"buttons": [button]}}
    asked = trial.send({"type": "interactive", "interactive": part}).json()["messages"][0]["id"]
    ibu.wait_for("Benar?")
    ibu.press("Ya, benar")
    sections = [{"title": "Layanan", "rows": [{"id": "ktp", "title": "KTP", "description": "Pengantar KTP"}]}]
    part = {"type": "list", "body": {"text": "Yang mana?"}, "action": {"button": "Lihat", "sections": sections}}
    trial.send({"type": "interactive", "interactive": part})
    ibu.wait_for("Yang mana?")
    ibu.press("ktp")
    pressed = [one for one in heard(trial, 3) if one["type"] == "interactive"]
    assert [one["interactive"] for one in pressed] == [
        {"type": "button_reply", "button_reply": {"id": "ya", "title": "Ya, benar"}},
        {"type": "list_reply", "list_reply": {"id": "ktp", "title": "KTP", "description": "Pengantar KTP"}},
    ]
    assert pressed[0]["context"] == {"from": "62711350001", "id": asked}
    with pytest.raises(PhoneError, match="Tidak ada"):
        ibu.press("Tidak ada")


def test_a_reply_names_the_message_that_it_answers(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    asked = trial.say("Siapa nama Ibu?").json()["messages"][0]["id"]
    ibu.reply(ibu.wait_for("Siapa nama"), "Rohana")
    assert heard(trial, 2)[1]["context"]["id"] == asked


def test_a_photo_is_announced_with_its_hash_and_fetched_in_two_steps(trial: Trial) -> None:
    trial.phone().photo(PHOTO, "KTP saya")
    [message] = heard(trial, 1)
    image = message["image"]
    assert (image["mime_type"], image["caption"]) == ("image/jpeg", "KTP saya")
    assert base64.b64decode(image["sha256"]) == hashlib.sha256(PHOTO).digest()
    found = trial.get(f"/v26.0/{image['id']}").json()
    assert found["sha256"] == hashlib.sha256(PHOTO).hexdigest() and found["file_size"] == len(PHOTO)
    for url in (found["url"], image["url"]):
        assert trial.get(url).content == PHOTO
    assert trial.get(found["url"], token="another").json()["error"]["code"] == 190
    assert trial.get(found["url"].replace("hash=", "hash=0")).status_code == 400


def test_the_address_of_a_file_is_good_for_five_minutes(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.phone().photo(PHOTO)
    [message] = heard(trial, 1)
    url = trial.get(f"/{message['image']['id']}").json()["url"]
    later = time.time() + 301
    monkeypatch.setattr("deploy.whatsapp_simulator.graph.time.time", lambda: later)
    assert trial.get(url).status_code == 400
    assert trial.get(trial.get(f"/{message['image']['id']}").json()["url"]).content == PHOTO


def test_a_file_can_be_gone_or_damaged(trial: Trial) -> None:
    trial.phone().photo(PHOTO)
    [message] = heard(trial, 1)
    path = f"/{message['image']['id']}"
    trial.simulator.turn(media_damaged=True)
    assert hashlib.sha256(trial.get(trial.get(path).json()["url"]).content).digest() != hashlib.sha256(PHOTO).digest()
    trial.simulator.turn(media_damaged=False, media_gone=True)
    assert trial.get(path).json()["error"]["code"] == 100
    trial.simulator.turn(media_gone=False)
    headers = {"Authorization": f"Bearer {trial.settings.token}"}
    assert requests.delete(f"{trial.url}{path}", headers=headers, timeout=5).json() == {"success": True}
    assert trial.get(path).status_code == 400


def test_a_file_of_the_business_is_handed_in_and_shown_on_the_phone(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    headers = {"Authorization": f"Bearer {trial.settings.token}"}

    def hand_in(kind: str, size: int) -> requests.Response:
        file = {"file": ("surat.pdf", b"%PDF-1.7" + bytes(size), kind)}
        form = {"messaging_product": "whatsapp", "type": kind}
        return requests.post(f"{trial.url}/{trial.number_id}/media", data=form, files=file, headers=headers, timeout=10)

    assert hand_in("image/gif", 10).json()["error"]["code"] == 100
    assert hand_in("image/png", 5_000_001).json()["error"]["code"] == 131053
    media = hand_in("application/pdf", 10).json()["id"]
    document = {"id": media, "filename": "Surat pengantar.pdf", "caption": "Surat Ibu sudah jadi."}
    assert trial.send({"type": "document", "document": document}).status_code == 200
    shown = ibu.wait_for("sudah jadi")
    assert shown["file"] == {"type": "application/pdf", "name": "Surat pengantar.pdf", "size": 18}
    assert ibu.content(shown).startswith(b"%PDF")
    assert trial.send({"type": "document", "document": {"id": "404"}}).json()["error"]["code"] == 131009


def test_an_album_is_as_many_messages_as_photos_with_the_caption_under_the_first(trial: Trial) -> None:
    trial.phone().album([PHOTO + bytes([n]) for n in range(6)], "berkas KTP")
    found = heard(trial, 6)
    assert [one["image"].get("caption") for one in found] == ["berkas KTP", *[None] * 5]
    assert len({one["id"] for one in found}) == len({one["image"]["sha256"] for one in found}) == 6
    stamps = [int(one["timestamp"]) for one in found]
    assert max(stamps) - min(stamps) <= 1


def test_voice_documents_and_places_are_kinds_of_their_own(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.voice(b"OggS" + bytes(50))
    ibu.document(b"%PDF-1.7", "kk.pdf", "kartu keluarga")
    ibu.place(-2.96, 104.76)
    voice, document, place = heard(trial, 3)
    assert voice["audio"]["voice"] is True
    assert (document["document"]["filename"], document["document"]["caption"]) == ("kk.pdf", "kartu keluarga")
    assert place["location"] == {"latitude": -2.96, "longitude": 104.76}


def test_a_changed_number_is_told_without_contacts(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.say("halo")
    before = heard(trial, 1)[0]["from_user_id"]
    ibu.change_number("0813 0000 0001")
    changed = heard(trial, 2)[1]
    assert (changed["from"], changed["from_user_id"]) == ("6281271000072", before)
    assert changed["system"]["type"] == "user_changed_number" and changed["system"]["wa_id"] == "6281300000001"
    assert changed["system"]["user_id"] != before
    assert "contacts" not in trial.webhook.values()[1]
    assert [one["text"] for one in ibu.messages()] == ["halo"]


def test_what_the_office_writes_from_its_app_comes_as_an_echo(trial: Trial) -> None:
    ibu = trial.phone()
    ibu.answered_from_app("Ini petugas, Bu.")
    eventually(lambda: trial.webhook.got, what="the echo")
    [change] = trial.webhook.got[0]["entry"][0]["changes"]
    assert change["field"] == "smb_message_echoes"
    [echo] = change["value"]["message_echoes"]
    assert (echo["from"], echo["to"], echo["text"]) == ("62711350001", "6281271000072", {"body": "Ini petugas, Bu."})
    assert [one["text"] for one in ibu.messages(mine=False)] == ["Ini petugas, Bu."]


def test_a_webhook_that_is_not_taken_comes_again_with_the_same_bytes_and_growing_gaps(trial: Trial) -> None:
    trial.webhook.answers = [500, 404, 302]
    trial.phone().say("halo")
    eventually(lambda: len(trial.webhook.raw) == 4, what="three retries")
    trial.simulator.wait_until_told()
    assert len({body for body, _ in trial.webhook.raw}) == 1
    assert trial.simulator.webhook()["newest"][-1]["statuses"] == [500, 404, 302, 200]
    assert trial.phone().messages()[0]["status"] == "taken"


def test_webhooks_come_twice_in_any_order_and_several_in_one_where_that_is_switched_on() -> None:
    with simulated(duplicates=2, reorder=True, batch=10) as trial:
        ibu, bapak = trial.phone(), trial.phone("0812 0000 0023", "M. Yusuf Effendi")
        sent = [(ibu if n % 2 else bapak).say(f"pesan {n}") for n in range(30)]
        trial.simulator.wait_until_told()
        found = trial.webhook.messages()
        assert sorted(one["id"] for one in found) == sorted(sent * 3)
        assert [one["id"] for one in found] != sorted([one["id"] for one in found], key=sent.index)
        bodies = {body for body, _ in trial.webhook.raw}
        assert len(trial.webhook.raw) == 3 * len(bodies) and len(bodies) < 30
        shapes = [[len(entry["changes"]) for entry in body["entry"]] for body in trial.webhook.got]
        assert any(len(shape) > 1 for shape in shapes), "several entries"
        assert any(max(shape) > 1 for shape in shapes), "several changes"
        assert any(len(value["messages"]) > 1 for value in trial.webhook.values()), "several messages"
        for value in trial.webhook.values():
            assert {one["wa_id"] for one in value["contacts"]} == {one["from"] for one in value["messages"]}
        assert trial.signed_right()


def test_an_address_that_does_not_know_the_token_is_not_registered(trial: Trial) -> None:
    def register(token: str) -> int:
        where = {"url": trial.webhook.url, "verify_token": token}
        return requests.put(f"{trial.url}/simulator/webhook", json=where, timeout=5).status_code

    assert register("another") == 422
    assert register(trial.webhook.verify_token) == 200


def test_a_switch_that_there_is_not_is_named(trial: Trial) -> None:
    for wrong in ({"speed": 1}, {"latency": "fast"}, {"reads": 1}, {"fail_code": 7}, {"duplicates": -1}):
        with pytest.raises(PhoneError):
            trial.simulator.turn(**wrong)
    trial.simulator.turn(latency=0.1)


SECRETS = {"WHATSAPP_TOKEN": "t", "WHATSAPP_APP_SECRET": "s", "WHATSAPP_VERIFY_TOKEN": "v"}


def test_it_does_not_start_in_production_nor_without_secrets() -> None:
    assert read(SECRETS).listen == "127.0.0.1:8090", "loopback, unless told otherwise"
    with pytest.raises(SettingsError, match="production"):
        read(SECRETS | {"ENVIRONMENT": "production"})
    with pytest.raises(SettingsError, match="WHATSAPP_TOKEN"):
        read(SECRETS | {"WHATSAPP_TOKEN": ""})
    assert read(SECRETS | {"BUSINESS_NUMBERS": "1=+62711,2=+62712"}).numbers == {"1": "+62711", "2": "+62712"}
    with pytest.raises(SettingsError, match="BUSINESS_NUMBERS"):
        read(SECRETS | {"BUSINESS_NUMBERS": "one=two"})


def test_another_site_does_not_play_here(trial: Trial) -> None:
    url = f"{trial.url}/simulator/phones/6281271000072/messages"
    for headers in ({"Origin": "https://example.org"}, {"Host": "rebound.example.org"}):
        assert requests.post(url, json={"text": "halo"}, headers=headers, timeout=5).status_code == 403
    own = {"Origin": trial.url}
    assert requests.post(url, json={"text": "halo"}, headers=own, timeout=5).status_code == 201
