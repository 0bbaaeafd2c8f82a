"""The four cases and the people in them. All are made up; the numbers belong to nobody.

rohana   by a helper, who is her neighbour; the letter is printed, signed by hand and scanned
rozak    begun by the RT head; a courier brings the papers
nyayu    by herself; returned for a photograph that cannot be used, and mended
mat      at the counter; neighbours on the sides of his warung are heard
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.demo.papers import PaperSpec
from deploy.demo.story import Story

_HEIC = (2000, 1500)
_PAGE = (2480, 1754)


def _person(name: str, nik: str, place: str, born: str, sex: str, address: str, **more: str) -> dict[str, Any]:
    """An applicant of RT 023, RW 005."""
    return {
        "name": name, "nik": nik, "birth_place": place, "birth_date": born, "sex": sex, "nationality": "Indonesia",
        "religion": "Islam", "address": address, "rt": "023", "rw": "005", **more,
    }  # fmt: skip


def _sheet(who: Mapping[str, Any], **more: str) -> dict[str, str]:
    """What a paper about this person says."""
    shown = {
        "NIK": who["nik"],
        "Nama": who["name"].upper(),
        "Tempat/Tgl lahir": f"{who['birth_place']}, {who['birth_date']}",
        "Alamat": who["address"],
        "RT/RW": f"{who['rt']}/{who['rw']}",
    }
    return shown | more


def _family(who: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return (
        ("No", "Nama", "NIK", "Hubungan"),
        ("1", who["head_of_family"], "1671100101500009", "Kepala keluarga"),
        ("2", who["name"], who["nik"], "Anggota"),
    )


def _card(who: Mapping[str, Any], orientation: int, seed: int) -> PaperSpec:
    fields = _sheet(who, **{"No. KK": who["kk_number"]})
    return PaperSpec("KK", fields, _family(who), orientation=orientation, seed=seed)


def _photo(seed: int, background: str, scarf: bool = False) -> PaperSpec:
    fields = {"Latar": background} | ({"Kerudung": "ya"} if scarf else {})
    return PaperSpec("PAS_FOTO", fields, orientation=6, seed=seed)


ROHANA = _person(
    "Rohana binti H. Zainuddin", "1671105204550003", "Palembang", "1955-04-12", "P",
    "Jalan Sukabangun Lorong Melati Nomor 12", kk_number="1671101204080017", head_of_family="Rohana binti H. Zainuddin",
    marital_status="Cerai mati", education="SD/sederajat", occupation="Mengurus rumah tangga",
)  # fmt: skip
ROZAK = _person(
    "Kgs. Abdul Rozak bin Kgs. Umar", "1671101706880004", "Prabumulih", "1988-06-17", "L",
    "Jalan Sapta Marga Nomor 45", kk_number="1671101006150021", head_of_family="Kgs. Abdul Rozak bin Kgs. Umar",
    marital_status="Kawin", education="SLTA/sederajat", occupation="Wiraswasta",
)  # fmt: skip
NYAYU = _person(
    "Nyayu Siti Aisyah", "1671106302010002", "Palembang", "2001-02-23", "P", "Jalan Bukit Sangkal Lorong Mawar Nomor 3",
    kk_number="1671102002090033", head_of_family="H. Nangcik", marital_status="Perawan", education="Diploma III",
    occupation="Guru honorer",
)  # fmt: skip
MAT = _person(
    "Cek Mat", "1671100908790001", "Palembang", "1979-08-09", "L", "Jalan Pasar Bukit Nomor 7",
    kk_number="1671100908050040", head_of_family="Cek Mat", marital_status="Kawin", education="SLTP/sederajat",
    occupation="Pedagang",
)  # fmt: skip

STORIES = [
    Story(
        name="rohana",
        service="KTP",
        reason="damaged",
        way="helper",
        applicant=ROHANA,
        contact={"name": "Nur'aini", "phone": "0812 7100 0072"},
        helper={"name": "Nur'aini", "phone": "0812 7100 0072", "relation": "tetangga"},
        own_phone="0812 7100 0071",
        purpose="Penggantian KTP-el karena rusak",
        papers={
            "KK": _card(ROHANA, 3, 11),
            "KTP_LAMA": PaperSpec("KTP_LAMA", _sheet(ROHANA), orientation=1, seed=12),
            "PAS_FOTO": _photo(13, "biru", scarf=True),
        },
        hand_over={"method": "pickup", "received_by": "Nur'aini", "relation": "tetangga", "authority": "seen"},
        by_hand=True,
    ),
    Story(
        name="rozak",
        service="KK",
        reason="moved_in",
        way="rt_head",
        applicant=ROZAK,
        contact={"name": "Kgs. Abdul Rozak", "phone": "+62 813-7700-4521"},
        purpose="Pengurusan Kartu Keluarga karena pindah datang",
        papers={
            "SKP": PaperSpec(
                "SKP", _sheet(ROZAK, Asal="Kota Prabumulih"), format="pdf", orientation=6, size=_PAGE, seed=21
            ),
        },
        details={"old_kk_number": "1674011006150021"},
        courier="Kurir Contoh, Pak Darmawan",
        hand_over={"method": "courier", "received_by": "Kgs. Abdul Rozak"},
    ),
    Story(
        name="nyayu",
        service="NIKAH",
        reason=None,
        way="self",
        applicant=NYAYU,
        contact={"name": "Nyayu Siti Aisyah", "phone": "081373004410"},
        purpose="Pengantar nikah",
        papers={
            "KK": _card(NYAYU, 8, 31),
            "KTP": PaperSpec("KTP", _sheet(NYAYU), format="heic", size=_HEIC, seed=32),
            "PAS_FOTO": _photo(33, "biru", scarf=True),
        },
        details={
            "father_name": "H. Nangcik", "father_nik": "1671100101630005", "father_birth_place": "Palembang",
            "father_birth_date": "1963-01-01", "father_nationality": "Indonesia", "father_religion": "Islam",
            "father_occupation": "Pensiunan", "father_address": "Jalan Bukit Sangkal Lorong Mawar Nomor 3",
            "mother_name": "Hj. Masayu Fatimah", "mother_nik": "1671104203660006", "mother_birth_place": "Ogan Ilir",
            "mother_birth_date": "1966-03-02", "mother_nationality": "Indonesia", "mother_religion": "Islam",
            "mother_occupation": "Mengurus rumah tangga", "mother_address": "Jalan Bukit Sangkal Lorong Mawar Nomor 3",
            "partner_name": "Kemas Ridwan", "partner_lineage": "Kemas Abdul Hamid", "wedding_date": "2026-09-05",
            "wedding_time": "09.00 WIB", "wedding_place": "KUA Kecamatan Kalidoni", "dowry": "Seperangkat alat salat",
        },
        returned={"PAS_FOTO": "Wajah tidak terlihat jelas; foto ulang menghadap kamera, di tempat terang."},
        mended={"PAS_FOTO": _photo(34, "biru", scarf=True)},
        hand_over={"method": "pickup", "received_by": "Nyayu Siti Aisyah"},
    ),
    Story(
        name="mat",
        service="SITU",
        reason=None,
        way="counter",
        applicant=MAT,
        contact={"name": "Cek Mat", "phone": "0821-7777-1234"},
        purpose="Surat keterangan tempat usaha",
        papers={
            "KTP": PaperSpec("KTP", _sheet(MAT), orientation=1, seed=41),
            "PAS_FOTO": _photo(42, "merah"),
        },
        details={
            "business_name": "Pempek & Model Cek Mat", "business_type": "Rumah makan",
            "business_address": "Jalan Pasar Bukit Nomor 7", "business_rt": "023", "business_rw": "005",
            "business_tenure": "Milik sendiri", "business_area": "24 m²", "business_since": "2019",
            "business_employees": "3 orang", "business_responsible": "Cek Mat",
            "witnesses": [
                {"position": "left", "name": "Tukiman", "phone": "0812 7100 0811",
                 "address": "Jalan Pasar Bukit Nomor 5"},
                {"position": "front", "name": "Hj. Nur'aini", "phone": "0812 7100 0812",
                 "address": "Jalan Pasar Bukit Nomor 8"},
            ],
        },
        neighbours=(
            {"position": "right", "name": "Ir. Sinaga", "phone": "0812 7100 0813"},
            {"position": "back", "absent": True},
        ),
        answers={"Tukiman": "confirm", "Hj. Nur'aini": "confirm", "Ir. Sinaga": "decline"},
        hand_over={"method": "pickup", "received_by": "Cek Mat"},
    ),
]  # fmt: skip


def photographs() -> dict[str, PaperSpec]:
    """Every picture that the demo needs, by the key under which a story looks for it."""
    first = {story.paper_key(code): spec for story in STORIES for code, spec in story.papers.items()}
    return first | {story.mended_key(code): spec for story in STORIES for code, spec in story.mended.items()}
