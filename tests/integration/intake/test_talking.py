"""The applicant's conversation, played as transcripts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from kit.ids import new_id
from tests.integration.intake import cast
from tests.support.browsing import browser, forms_of
from tests.support.services import InProcess
from tests.support.talking import CHAT, LINK, Phone, texts
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=_number())


def _number() -> str:
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
    print(texts(siti.heard))


def link_of(turn: dict[str, Any]) -> str:
    found = next(line for line in turn["text"].splitlines() if "/masuk/tautan/" in line)
    return "/masuk/tautan/" + found.rpartition("/")[2]


def opened(phone: Phone, service: str = "2", reason: str = "baru") -> dict[str, Any]:
    """A case by the shortest way; the last turn."""
    for text in ("halo", service, "1", "Siti Maimunah, RT 23", reason):
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
    phone = Phone(intake, number=_number(), rules=dict(CHAT))
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
    print(texts(situ.heard))
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
