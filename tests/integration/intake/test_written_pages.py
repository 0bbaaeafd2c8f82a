"""What people wrote and only a person can answer, on a page of the desk."""

from __future__ import annotations

from uuid import uuid4

from tests.integration.intake.test_talking import new_number
from tests.support.browsing import forms_of, signed_in
from tests.support.services import InProcess
from tests.support.talking import Phone

PLACE = "/intake/pesan-warga"


def test_a_voice_message_is_read_heard_and_leaves_the_list_once_it_was_answered(intake: InProcess) -> None:
    name = f"Rohana {uuid4().hex[:6]}"
    phone, message = Phone(intake, name=name, number=new_number()), str(uuid4())
    phone.sends("halo")
    phone.sends(kind="voice", file=phone.stored(b"OggS made up", "audio/ogg"), message_id=message)
    yanti = signed_in(intake, "officer", sub="officer:yanti")
    assert name in yanti.open(PLACE).text
    shown = yanti.open(f"{PLACE}/{message}")
    assert "Pesan suara" in shown.text and "halo" in shown.text and phone.number in shown.text
    heard = yanti.open(f"{PLACE}/{message}/berkas")
    assert heard.data == b"OggS made up" and heard.headers["Content-Disposition"] == "attachment"
    form = next(one for one in forms_of(shown.text) if one.action == f"{PLACE}/{message}")
    assert yanti.send(form, {}).headers["Location"].endswith(PLACE)
    assert name not in yanti.open(PLACE).text


def test_what_has_no_file_hands_over_none(intake: InProcess) -> None:
    phone, message = Phone(intake, number=new_number()), str(uuid4())
    phone.sends("halo")
    phone.sends("bantuan", message_id=message)
    yanti = signed_in(intake, "officer", sub="officer:yanti")
    assert "Unduh" not in yanti.open(f"{PLACE}/{message}").text
    assert yanti.open(f"{PLACE}/{message}/berkas").status_code == 404
