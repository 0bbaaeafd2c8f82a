"""The applicant's conversation, played as transcripts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from intake.domain.accounts import PERSON
from intake.store import accounts, conversations
from kit.ids import new_id
from tests.integration.intake import cast
from tests.support.browsing import browser, forms_of
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone, texts
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=new_number())


def new_number() -> str:
    return f"+62812{new_id().int % 10**8:08d}"


@pytest.fixture(autouse=True)
def the_neighbourhood(intake: InProcess) -> None:
    for place in ({"rw": "005", "rt": "023"}, {"rw": "005", "rt": "024"}, {"rw": "007", "rt": "024"}):
        data = place | {
            "neighbourhood_id": f"0198a6f2-7b1c-7d2e-9a41-3f5b6c{place['rw']}{place['rt']}",
            "kelurahan": BUKIT_SANGKAL,
            "headed": True,
        }
        intake.feed("neighbourhood.changed", data, subject=data["neighbourhood_id"], sequence=1)


def test_a_straight_case_by_link(siti: Phone) -> None:
    siti.plays("""
        > halo
        < talk_service: hanya untuk mengurus permohonan Anda
        > 2
        < talk_whom: Gratis
        > 1
        < talk_name: RT 23
        > Siti Maimunah binti H. Zainuddin, RT 23
        < talk_reason: Hilang
        > baru
        < talk_pages: /masuk/tautan/
    """)


def link_of(turn: dict[str, Any]) -> str:
    found = next(line for line in turn["text"].splitlines() if "/masuk/tautan/" in line)
    return "/masuk/tautan/" + found.rpartition("/")[2]


OPENED = ("halo", "2", "1", "Siti Maimunah, RT 23", "baru")


def opened(phone: Phone, service: str = "2", reason: str = "baru") -> dict[str, Any]:
    """A case by the shortest way; the last turn."""
    begins, *rest, _ = OPENED
    for text in (begins, service, *rest[1:], reason):
        found = phone.sends(text)
    return found[-1]


def test_a_link_lets_its_reader_in_once_and_looking_at_it_uses_nothing_up(intake: InProcess, siti: Phone) -> None:
    address = link_of(opened(siti))
    somebody = browser(intake)
    for _ in range(2):
        shown = somebody.open(address)
        assert shown.status_code == 200
    came = somebody.send(forms_of(shown.text)[0], {})
    assert came.status_code == 303 and came.headers["Location"].endswith("/lanjut")
    assert somebody.go_on(somebody.go_on(came)).status_code == 200
    other = browser(intake)
    assert other.open(address).status_code == 404
    assert "tautan" in siti.sends("tautan")[0]["text"]


def test_a_link_whose_day_is_over_lets_nobody_in(intake: InProcess, siti: Phone) -> None:
    address = link_of(opened(siti))
    somebody = browser(intake)
    form = forms_of(somebody.open(address).text)[0]
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE sign_in_link SET expires_at = clock_timestamp()")
    refused = somebody.send(form, {})
    assert refused.status_code == 422 and "__Host-access" not in str(refused.headers)
    assert somebody.open(address).status_code == 404


# --- photos in the conversation ---------------------------------------------------------------------------------------


def page_of_print(*, blur: float = 0, light: float = 1.0, edge: int = 1400, mark: str = "") -> bytes:
    """A made-up paper as a phone photographs it."""
    image = Image.new("RGB", (edge, edge * 3 // 4), (236, 234, 226))
    draw = ImageDraw.Draw(image)
    step = max(6, edge // 40)
    for line, top in enumerate(range(step, image.height - step, step)):
        draw.text((step, top), f"CONTOH {mark} baris {line} Nama: Siti Maimunah NIK 1671 " * 3, fill=(20, 20, 20))
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
    image = ImageEnhance.Brightness(image).enhance(light)
    output = BytesIO()
    image.save(output, "JPEG", quality=85)
    return output.getvalue()


@pytest.fixture
def situ(intake: InProcess) -> Phone:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("halo", "4", "1", "Siti Maimunah, RT 23"):
        phone.sends(text)
    return phone


def test_a_business_by_chat_from_the_first_word_to_the_office(intake: InProcess, situ: Phone) -> None:
    assert situ.heard[-1]["template"] == "talk_document" and "KTP-el" in situ.heard[-1]["text"]
    assert situ.photo(content=page_of_print(mark="a")) == []
    got = situ.quiet()
    assert [one["template"] for one in got] == ["talk_document"], texts(got)
    assert "Sudah kami terima: KTP-el" in got[0]["text"] and "Pas foto" in got[0]["text"]
    situ.photo("ini pas foto saya", page_of_print(mark="b"))
    assert [one["template"] for one in situ.quiet()] == ["talk_field"]
    nik = f"16711055 0355 {_serial():04d}"
    situ.plays(f"""
        > {nik}
        < talk_field: lahir
        > Palembang
        < talk_field: alamat
        > Jl. Sukabangun Lr. Melati No. 12
        < talk_field: Nama usaha
        > Warung Siti
        < talk_field: Jenis usaha
        > warung kelontong
        < talk_field: Alamat usaha
        > sama dengan rumah
        < talk_summary: begitu ketua RT memberi pengantar
        > kirim
        < talk_note: langsung kami kirim
    """)

    case = case_of(intake, situ)
    cast.granted(intake, case, case_row(intake, case)["introduction_id"])
    assert situ.quiet() == []
    assert case_row(intake, case)["status"] == "submitted"
    shown = cast.show(intake, case)
    assert (shown["applicant"]["birth_date"], shown["applicant"]["sex"]) == ("1955-03-15", "P")
    assert shown["channel"] == "whatsapp"


def case_of(intake: InProcess, phone: Phone) -> Any:
    row = intake.rows("SELECT cases FROM conversation WHERE contact_id = %s", [phone.contact])[0]
    return row["cases"][-1]


def case_row(intake: InProcess, case: Any) -> dict[str, Any]:
    return intake.rows("SELECT * FROM application WHERE id = %s", [case])[0]


def _serial() -> int:
    return new_id().int % 9998 + 1


# --- what people write ------------------------------------------------------------------------------------------------


def test_a_service_that_is_spoken_of_skips_its_question_and_the_notice_still_comes_first(siti: Phone) -> None:
    siti.plays("""
        > pagi pak, mau urus ktp saya yg hilang 🙏
        < talk_whom: Data yang Anda kirim disimpan
        > saya sendiri
        < talk_name: lengkap Anda
        > nama saya SITI MAIMUNAH
        < talk_rt: RT berapa
        > RT.24
        < talk_rw: RW 007
        > RW 7
        < talk_pages: Surat keterangan hilang
    """)


def test_corrections_of_earlier_answers_work_before_a_case_is_open(intake: InProcess, siti: Phone) -> None:
    siti.plays("""
        > ktp
        < talk_whom: KTP
        > 1
        < talk_name: lengkap
        > Siti Maimuna, RT 24 RW 5
        < talk_reason: Hilang
        > salah, namanya Siti Maimunah
        < talk_reason: sudah diubah
        > ganti rt 23
        < talk_reason: sudah diubah
        > ubah layanan
        < talk_service: 1. Pengantar Kartu Keluarga
        > kartu keluarga
        < talk_reason: Pengantar Kartu Keluarga
        > yang kedua
        < talk_pages: Surat keterangan hilang
    """)
    row = case_row(intake, case_of(intake, siti))
    assert (row["service"], row["reason"], row["rt"], row["rw"]) == ("KK", "lost", "023", "005")


def test_who_does_not_know_his_rt_chooses_its_head_by_name_and_then_a_person(intake: InProcess, siti: Phone) -> None:
    head = {
        "officeholder_id": str(new_uuid()),
        "kelurahan": BUKIT_SANGKAL,
        "rw": "005",
        "rt": "023",
        "role": "rt_head",
        "from_date": "2026-01-01",
        "to_date": None,
        "person": {"name": "M. Yusuf Effendi", "phone": new_number()},
    }
    intake.feed("officeholder.changed", head, subject=head["officeholder_id"])
    for text in ("kk hilang", "1", "Siti Maimunah", "dak tau pak"):
        last = siti.sends(text)
    assert last[0]["template"] == "talk_rt_heads" and "1. M. Yusuf Effendi" in last[0]["text"]
    siti.plays("""
        > tidak ada yang saya kenal
        < talk_office: Petugas
        > 1
        < talk_pages: RT 023
    """)
    assert for_office(intake, siti) == ["tidak ada yang saya kenal"]


def test_cancelling_repeating_and_starting_anew_work_everywhere(siti: Phone) -> None:
    siti.plays("""
        > halo
        < talk_service: 1.
        > ktp
        < talk_whom: KTP
        > ulangi
        < talk_whom: KTP
        > menu
        < talk_service: 1.
        > batal
        < talk_cancelled: menu
        > menu
        < talk_service: 1.
    """)


def test_what_is_not_understood_is_answered_twice_at_most_and_offered_to_the_office(
    intake: InProcess, siti: Phone
) -> None:
    siti.plays(
        """
        > halo
        < talk_service: 1.
        > zzz qqq
        < talk_service: belum kami mengerti
        > hmm gimana
        < talk_service: belum kami mengerti
        > asdf
        < talk_office: diteruskan
        > lagi
        <
        > 2
        < talk_whom: KTP
    """.replace("diteruskan", "teruskan ke petugas")
    )
    assert for_office(intake, siti) == ["asdf", "lagi"]


def test_a_voice_message_is_kept_and_put_before_an_officer(intake: InProcess, siti: Phone) -> None:
    siti.sends("halo")
    file = siti.stored(b"OggS made up", "audio/ogg")
    got = siti.sends(kind="voice", file=file)
    assert got[0]["template"] == "talk_service" and "pesan suara" in got[0]["text"].lower()
    rows = intake.rows("SELECT kind FROM incoming_message WHERE contact_id = %s AND office", [siti.contact])
    assert [row["kind"] for row in rows] == ["voice"]


def test_a_message_has_its_effect_once(intake: InProcess, siti: Phone) -> None:
    again = str(new_uuid())
    assert len(siti.sends("halo", message_id=again)) == 1
    assert siti.sends("halo", message_id=again) == []
    assert len(siti.sends("2")) == 1


def test_state_is_there_after_days_and_by_another_number_of_the_same_contact(intake: InProcess, siti: Phone) -> None:
    for text in ("halo", "2", "1"):
        siti.sends(text)
    intake.clock.at += timedelta(days=9)
    siti.number = new_number()
    siti.plays("""
        > halo
        < talk_name: lengkap
        > Siti Maimunah, RT 23
        < talk_reason: Baru
    """)


def test_the_case_is_that_of_the_account_that_a_code_to_the_same_phone_opens(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    who = cast_account(intake, siti)
    listed = intake.call("GET", "/v1/applications", "applicant", who={"sub": who})
    assert [one["id"] for one in listed.json["items"]] == [str(case_of(intake, siti))]
    assert case_row(intake, case_of(intake, siti))["owner"] == who


def test_somebody_without_a_number_has_a_login_by_his_contact(intake: InProcess, siti: Phone) -> None:
    siti.number = None
    assert opened(siti)["template"] == "talk_pages"
    somebody = browser(intake)
    shown = somebody.open(link_of(siti.heard[-1]))
    assert somebody.send(forms_of(shown.text)[0], {}).status_code == 303


def test_how_a_case_stands_is_answered_from_it(intake: InProcess, siti: Phone) -> None:
    siti.sends("status")
    assert siti.heard[-1]["template"] == "talk_note"
    opened(siti)
    siti.plays("""
        > sudah sampai mana?
        < talk_status: Belum dikirim
    """)
    finish(intake, case_of(intake, siti))
    siti.plays("""
        > sudah sampai mana pak??
        < talk_status: Paling lambat selesai
    """)
    assert "menunggu diperiksa" in siti.heard[-1]["text"] and "/lacak/PGT-" in siti.heard[-1]["text"]


def test_two_cases_are_kept_apart(intake: InProcess, siti: Phone) -> None:
    own = opened(siti)
    first = case_of(intake, siti)
    siti.plays("""
        > menu
        < talk_menu: Permohonan baru
        > permohonan baru
        < talk_service: 1.
        > kk
        < talk_whom: Kartu Keluarga
        > orang lain
        < talk_name: yang Anda bantu
        > Tukiman, rt 23
        < talk_helper: Siapa nama Anda
        > Nur'aini, tetangga
        < talk_reason: Rusak
        > rusak
        < talk_pages: Tentang Pengantar Kartu Keluarga, Tukiman
        > status
        < talk_statuses: Siti Maimunah
    """)
    second = case_of(intake, siti)
    assert first != second
    shown = cast.show(intake, second)
    assert shown["helper"]["relation"] == "tetangga" and shown["applicant"]["name"] == "Tukiman"
    got = siti.sends("tautan", replies_to=str(own["message_id"]))
    assert got[0]["application_id"] == first and "Siti Maimunah" in got[0]["text"]
    got = siti.sends(f"tautan {cast.show(intake, second)['tracking_code']}")
    assert got[0]["application_id"] == second


@pytest.mark.parametrize("said", ["ok lanjutkan permohonan", "boleh tanya dulu", "ya tidak"])
def test_what_is_not_yes_withdraws_nothing(intake: InProcess, siti: Phone, said: str) -> None:
    opened(siti)
    siti.plays(f"""
        > batal
        < talk_withdraw: Siti Maimunah
        > {said}
        < talk_withdraw: belum kami mengerti
        > {said}
        < talk_pages: tidak dibatalkan
    """)
    assert case_row(intake, case_of(intake, siti))["status"] == "draft"


def test_withdrawing_asks_once_more_and_is_told_by_its_notice(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    siti.plays("""
        > batal
        < talk_withdraw: Siti Maimunah
        > tidak
        < talk_pages: /masuk/tautan/
        > batal
        < talk_withdraw: Ya, batalkan
        > ya
        <
    """)
    assert case_row(intake, case_of(intake, siti))["status"] == "withdrawn"


def test_a_person_is_offered_with_everything_so_far(intake: InProcess, siti: Phone) -> None:
    siti.plays(
        """
        > halo
        < talk_service: 1.
        > bantuan
        < talk_help: petugas
        > keluhan
        < talk_complaint: lapor.go.id
        > terima kasih
        <
        > batal
        < talk_service: tidak dikirim
        > english
        < talk_service: Which service
    """.replace("petugas", "Petugas")
    )
    assert for_office(intake, siti) == ["bantuan"]


def new_uuid() -> Any:
    return new_id()


def finish(intake: InProcess, case: Any) -> None:
    """By the office: what is missing is waived or written, and the case is sent."""
    row = case_row(intake, case)
    sop = intake.rows("SELECT data FROM sop WHERE service = %s", [row["service"]])[0]["data"]
    for one in sop["requirements"]:
        if one["reasons"] is None or row["reason"] in one["reasons"]:
            cast.put_file(intake, case, one["code"])
    person = {k: v for k, v in cast.applicant().items() if k not in ("name", "rt", "rw")}
    changed = intake.call("PATCH", cast.path(case), "officer", who=cast.YANTI, json={"applicant": person})
    assert changed.status_code == 200, changed.json
    cast.step(intake, case, "submission")


def cast_account(intake: InProcess, phone: Phone) -> str:
    assert phone.number
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        found = accounts.known(
            tx, intake.deps.data_keys, PERSON, accounts.known_by(intake.deps.fingerprints, PERSON, phone.number)
        )
    assert found is not None
    return str(found.id)


def for_office(intake: InProcess, phone: Phone) -> list[str]:
    """The words that wait for a person."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        rows = conversations.for_office(tx, intake.deps.data_keys, None, 500)
    return sorted(row["said"]["text"] for row in rows if row["contact_id"] == phone.contact)


def test_news_go_to_who_writes_until_another_number_is_given(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    case = case_of(intake, siti)
    told = intake.told("application.opened")[-1]["data"]["person"]["contact"]
    assert told == {"name": "Siti Maimunah", "phone": siti.number, "contact_id": str(siti.contact)}
    same = {"contact": {"name": "Siti", "phone": siti.number}}
    assert intake.call("PATCH", cast.path(case), "officer", who=cast.YANTI, json=same).status_code == 200
    assert intake.told("application.changed")[-1]["data"]["person"]["contact"]["contact_id"] == str(siti.contact)
    other = {"contact": {"name": "Siti", "phone": new_number()}}
    assert intake.call("PATCH", cast.path(case), "officer", who=cast.YANTI, json=other).status_code == 200
    assert "contact_id" not in intake.told("application.changed")[-1]["data"]["person"]["contact"]


def test_who_opens_more_cases_for_others_than_one_may_is_told_so_in_plain_words(intake: InProcess, siti: Phone) -> None:
    for number in range(6):
        for text in (
            "menu",
            "baru",
            "kk",
            "orang lain",
            f"Tukiman {'I' * (number + 1)}, RT 23",
            "Nur'aini, tetangga",
            "hilang",
        ):
            last = siti.sends(text)
    assert last[-1]["template"] == "talk_office" and "paling banyak 5" in last[-1]["text"]
    assert siti.sends("status")[-1]["template"] == "talk_statuses"


def test_an_officer_reads_what_waits_for_a_person_and_says_when_it_is_answered(intake: InProcess, siti: Phone) -> None:
    siti.sends("halo")
    siti.sends("pak saya mau tanya langsung, bisa?")
    siti.sends("bantuan")
    listed = intake.call("GET", "/v1/conversations?limit=200", "officer", who=cast.YANTI).json["items"]
    line = next(one for one in listed if one["phone"] == siti.number)
    assert (line["text"], line["kind"], line["file"]) == ("bantuan", "text", None)
    path = f"/v1/conversations/{line['id']}"
    whole = intake.call("GET", path, "officer", who=cast.YANTI).json
    assert {one["text"] for one in whole["said"]} == {"halo", "pak saya mau tanya langsung, bisa?", "bantuan"}
    assert intake.call("GET", f"{path}/file", "officer", who=cast.YANTI).status_code == 404
    assert intake.call("POST", f"{path}/answer", "officer", who=cast.YANTI, json={}).status_code == 200
    listed = intake.call("GET", "/v1/conversations?limit=200", "officer", who=cast.YANTI).json["items"]
    assert all(one["id"] != line["id"] for one in listed)


def test_two_messages_at_one_instant_are_two_turns_one_after_the_other(intake: InProcess) -> None:
    for _ in range(5):
        phone = Phone(intake, number=new_number())
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _n, phone=phone: phone.sends("halo"), range(4)))
        turns = [
            event["data"]["person"]["values"]
            for event in intake.told("message.requested")
            if event["data"]["contact_id"] == phone.contact
        ]
        assert sorted(bool(one["notice_office"]) for one in turns) == [False, False, False, True]
        with ThreadPoolExecutor(4) as pool:  # a lost turn would be a lost photo
            list(pool.map(lambda _n, phone=phone: phone.sends(kind="photo", problem="gone"), range(4)))
        with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
            now = intake.clock.now()
            kept = conversations.lock(tx, intake.deps.data_keys, BUKIT_SANGKAL, phone.contact, now)
        assert len(kept.talk.photos) == kept.talk.burst == 4


def test_buttons_say_the_same_as_digits_and_an_old_one_is_asked_anew(siti: Phone) -> None:
    siti.plays("""
        > hai
        < talk_service: 1.
        >>> KTP
        < talk_whom: KTP
        >>> self
        < talk_name: lengkap
        > Siti Maimunah, 24/7
        < talk_reason: Baru
        >>> KTP
        < talk_reason: Baru
        >>> lost
        < talk_pages: Surat keterangan hilang
    """)


@pytest.mark.parametrize("numbers", [True, False])
def test_numbers_are_asked_for_only_where_the_channel_may(intake: InProcess, siti: Phone, numbers: bool) -> None:
    siti.rules = dict(CHAT) | {"numbers": numbers}
    for text in ("kk hilang", "1", "Siti Maimunah, RT 23"):
        siti.sends(text)
    siti.photo("surat polisi", page_of_print(mark="loss"))
    siti.quiet()
    for text in ("Palembang", "7 Mei 1995", "perempuan", "Jl. Melati 12") if not numbers else ():
        siti.sends(text)
    asked = [one["text"] for one in siti.heard if "NIK" in one["text"]]
    assert bool(asked) is numbers
    assert siti.heard[-1]["template"] == ("talk_field" if numbers else "talk_pages"), texts(siti.heard)


def quoted(phone: Phone, template: str) -> str:
    """The newest message of ours with this template."""
    return str(next(one["message_id"] for one in reversed(phone.heard) if one["template"] == template))


def test_a_button_pressed_twice_is_no_answer_to_the_next_question(intake: InProcess, siti: Phone) -> None:
    siti.sends("ktp")
    siti.sends("Saya sendiri", choice="self")
    assert siti.sends("Saya sendiri", choice="self", replies_to=quoted(siti, "talk_whom")) == []
    [again] = siti.sends("Saya sendiri", choice="self")
    assert again["template"] == "talk_name"
    siti.plays("""
        > Siti Maimunah, RT 23
        < talk_reason: Baru
    """)


def test_an_older_question_that_is_quoted_takes_the_answer(intake: InProcess, siti: Phone) -> None:
    for text in ("ktp", "1"):
        siti.sends(text)
    [turn] = siti.sends("2", replies_to=quoted(siti, "talk_whom"))
    assert turn["template"] == "talk_name" and "sudah diubah" in turn["text"], turn["text"]
    assert "yang Anda bantu" in turn["text"]


def test_what_quotes_another_case_is_no_answer_for_the_one_being_opened(intake: InProcess, siti: Phone) -> None:
    siti.rules = dict(CHAT)
    opened(siti)
    about_first = str(siti.heard[-1]["message_id"])
    for text in ("menu", "baru", "kk", "1"):
        siti.sends(text)
    assert siti.heard[-1]["template"] == "talk_name"
    [turn] = siti.sends("nanti", replies_to=about_first)
    assert turn["template"] != "talk_name" and "menunggu" in turn["text"], turn["text"]
    assert siti.sends("lanjut")[0]["template"] == "talk_name"
    assert siti.sends("Siti Maimunah, RT 23")[0]["template"] == "talk_reason"


def test_who_called_for_a_person_writes_to_the_office_until_he_goes_on(intake: InProcess, siti: Phone) -> None:
    for text in ("ktp", "1"):
        siti.sends(text)
    assert siti.sends("bantuan")[0]["template"] == "talk_help"
    [turn] = siti.sends("nama saya di KTP salah tulis")
    assert turn["template"] == "talk_office" and "lanjut" in turn["text"], turn["text"]
    assert siti.sends("mohon dibantu") == []
    assert {"nama saya di KTP salah tulis", "mohon dibantu"} <= set(for_office(intake, siti))
    siti.plays("""
        > lanjut
        < talk_name: lengkap
        > Siti Maimunah, RT 23
        < talk_reason: Baru
    """)


def test_an_answer_to_a_notice_of_a_case_is_about_that_case(intake: InProcess, siti: Phone) -> None:
    siti.rules = dict(CHAT)
    opened(siti)
    first = case_of(intake, siti)
    opened_again = [siti.sends(text) for text in ("menu", "baru", "kk", "1", "Budi Santoso, RT 23", "1")]
    assert opened_again[-1], texts(siti.heard)
    asked_about = siti.heard[-1]["application_id"]
    assert asked_about is not None and str(asked_about) != str(first)
    [turn] = siti.sends("status", replies_to=str(new_uuid()), application_id=str(first))
    assert str(turn["application_id"]) == str(first), texts([turn])
    [turn] = siti.sends("status", replies_to=str(new_uuid()), application_id=str(new_uuid()))
    assert turn["template"] == "talk_statuses"
