"""Examples of what RT heads and neighbours are sent, for the page of all messages: what each is about, and what fills
it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PUBLIC_URL = "https://layanan.contoh.id"
NAMES = {"service_name": "Pengantar Kartu Keluarga", "office_name": "Bukit Sangkal"}
CODE = "PGT-7K3M9-XW2RB"
_LINK = f"{PUBLIC_URL}/t/hT3vK8pWq5ZrN2cYx7LmD4sFb9GjA6Ue"
_HEAD_OF_RT = NAMES | {
    "name": "M. Yusuf Effendi", "head_name": "M. Yusuf Effendi", "applicant_name": "Siti Maimunah binti H. Zainuddin",
    "tracking_code": CODE, "rt": "023", "rw": "005", "link": _LINK, "office_phone": "0711 000 001",
    "applicant_address": "Jalan Contoh Nomor 23", "helper_name": "", "documents": "Kartu Keluarga lama, KTP-el",
    "options": ["1. Setuju", "2. Tolak"], "left": "", "purpose": "Pengurusan Kartu Keluarga karena rusak",
}  # fmt: skip
_GENUINE = ["1. Semua asli", "2. Ada yang ragu", "3. Bawa asli"]
_ACKNOWLEDGE = ["1. Mengetahui", "2. Tolak"]
_PAPERS = ["1. Kartu Keluarga lama", "2. KTP-el"]
_NEIGHBOUR = NAMES | {
    "name": "Tukiman", "witness_name": "Tukiman", "applicant_name": "Siti Maimunah binti H. Zainuddin", "link": _LINK,
    "office_phone": "0711 000 001", "question": "Apakah benar ada usaha di rumah itu, dan Bapak/Ibu tidak keberatan?",
    "options": ["1. Benar", "2. Saya keberatan", "3. Bukan urusan saya"],
}  # fmt: skip

OF_HEADS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "attestation_request": ("a received case whose files want a verdict", _HEAD_OF_RT | {"options": _GENUINE}),
    "attestation_reminder": ("files that still want a verdict", _HEAD_OF_RT | {"options": _GENUINE}),
    "acknowledgement_request": (
        "an introduction that the RT head has granted, to the RW head",
        _HEAD_OF_RT | {"options": _ACKNOWLEDGE},
    ),
    "acknowledgement_reminder": ("the same, not answered yet", _HEAD_OF_RT | {"options": _ACKNOWLEDGE}),
    "introduction_reminder": ("an introduction that still waits for an answer", _HEAD_OF_RT),
    "introduction_request": ("an introduction that somebody asks for", _HEAD_OF_RT),
    "statement_request": ("a neighbour who is asked", _NEIGHBOUR),
    "statement_reminder": ("a neighbour who has not answered yet", _NEIGHBOUR),
    "enrolled": ("a head who sent the code of his sheet", _HEAD_OF_RT),
    "head_granted": ("an introduction that he grants by a message", _HEAD_OF_RT),
    "head_acknowledged": ("the same, acknowledged by the RW head", _HEAD_OF_RT),
    "head_refused": (
        "an introduction that he refuses",
        _HEAD_OF_RT | {"reason": "Bukan warga RT ini", "note": "alamat bukan di RT ini"},
    ),
    "head_judged": (
        "documents that he judges by a message",
        _HEAD_OF_RT
        | {
            "verdicts": ["- Kartu Keluarga lama: Asli", "- KTP-el: Bawa aslinya"],
            "originals": "KTP-el",
            "left": "2",
            "visited": "Tukiman",
        },
    ),
    "head_originals_seen": ("originals that were shown to him", _HEAD_OF_RT | {"documents": "KTP-el"}),
    "head_reason": (
        "a refusal without a reason",
        _HEAD_OF_RT | {"options": ["1. Bukan warga RT ini", "2. Orangnya tidak dikenal"]},
    ),
    "head_note": ("a refusal for another reason", _HEAD_OF_RT),
    "head_which_doubtful": ("some documents are doubtful", _HEAD_OF_RT | {"options": _PAPERS}),
    "head_which_original": ("some originals are wanted", _HEAD_OF_RT | {"options": _PAPERS}),
    "head_why_doubtful": ("a document is doubtful", _HEAD_OF_RT),
    "head_neighbour": ("the service wants neighbours asked", _HEAD_OF_RT | {"side": "depan"}),
    "head_neighbour_phone": ("a neighbour whom he names without a number", _HEAD_OF_RT | {"neighbour": "Tukiman"}),
    "head_which": (
        "an answer while several questions are open",
        _HEAD_OF_RT | {"options": ["1. Siti Maimunah (pengantar)", "2. Rohana (berkas)"]},
    ),
    "head_tasks": ("`tugas`", _HEAD_OF_RT | {"options": ["1. Siti Maimunah (pengantar)", "2. Rohana (berkas)"]}),
    "head_no_tasks": ("`tugas`, and nothing waits", _HEAD_OF_RT),
    "head_introduce_person": ("`pengantar`", _HEAD_OF_RT),
    "head_introduce_purpose": (
        "whom he introduces is known",
        _HEAD_OF_RT | {"options": ["1. Pengantar Kartu Keluarga", "2. Pengantar KTP-el"]},
    ),
    "head_introduce_check": (
        "all of an introduction is known",
        _HEAD_OF_RT | {"applicant_phone": "+6281200000923", "options": ["1. Ya, benar", "2. Batal"]},
    ),
    "head_introduced": ("an introduction that he began", _HEAD_OF_RT),
    "head_away_until": ("`cuti` without a day", _HEAD_OF_RT),
    "head_away": (
        "he is away",
        _HEAD_OF_RT | {"first": "Senin, 17 Agustus 2026", "until": "Kamis, 20 Agustus 2026", "instead": "Hj. Nuraini"},
    ),
    "head_back": ("he is back", _HEAD_OF_RT),
    "head_practice": ("`latihan`", _HEAD_OF_RT),
    "head_practice_documents": (
        "the first answer of a practice",
        _HEAD_OF_RT | {"answer": "Setuju", "options": _GENUINE},
    ),
    "head_practice_done": ("the last answer of a practice", _HEAD_OF_RT | {"answer": "Semua asli"}),
    "head_help": ("`bantuan`", _HEAD_OF_RT),
    "head_unclear": ("what was not understood", _HEAD_OF_RT),
    "head_problem": (
        "an answer that cannot be taken",
        _HEAD_OF_RT | {"problem": "Sudah dijawab, atau permohonannya sudah berubah."},
    ),
    "head_reason_check": (
        "a reason in his own words, or a neighbour's",
        _HEAD_OF_RT
        | {
            "answer": "Ada yang ragu",
            "documents": "KTP-el",
            "note": "fotonya seperti ditempel",
            "options": ["1. Ya, benar", "2. Bukan"],
        },
    ),
    "head_again": ("what was no reason", _HEAD_OF_RT),
    "head_originals_check": (
        "whether originals were seen is not clear",
        _HEAD_OF_RT | {"documents": "KTP-el", "options": ["1. Sudah, asli", "2. Belum"]},
    ),
    "head_away_check": (
        "he seems to be away",
        _HEAD_OF_RT
        | {
            "first": "Senin, 17 Agustus 2026",
            "until": "Kamis, 20 Agustus 2026",
            "options": ["1. Ya, benar", "2. Bukan"],
        },
    ),
    "head_number_hidden": ("a code for enrolment from a number that is hidden", _HEAD_OF_RT),
    "head_stands": ("`batal`, and nothing was being asked", _HEAD_OF_RT),
    "head_stopped": ("`batal`", _HEAD_OF_RT),
    "head_not_yours": ("an answer from another number", _HEAD_OF_RT),
    "head_not_enrolled": ("an answer from a number that is not confirmed", _HEAD_OF_RT),
    "neighbour_recorded": (
        "a neighbour who answers by a message",
        _NEIGHBOUR | {"answer": "Saya keberatan", "note": "jalan masuknya menutup pagar kami"},
    ),
    "neighbour_why": ("a neighbour who objects", _NEIGHBOUR),
    "neighbour_unclear": ("what was not understood of a neighbour", _NEIGHBOUR),
    "neighbour_help": ("`bantuan`, of a neighbour", _NEIGHBOUR),
}
