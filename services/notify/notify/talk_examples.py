"""Turns of the applicant's conversation, each with what fills it in its example: (about, values)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_URL = "https://layanan.contoh.id"
_CODE = "PGT-7K3M9-XW2RB"
_SITI = "Siti Maimunah binti H. Zainuddin"
_NOTICE = {"notice_office": "Bukit Sangkal", "privacy_url": f"{_URL}/layanan/16.71.10.1001/privasi"}
_TOLD = {"notice_office": "", "privacy_url": ""}
_NOTHING: dict[str, Any] = {"before": [], "problem": ""}

TALKS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "talk_service": ("the first words of somebody", _NOTHING | _NOTICE | {
        "options": ["1. Pengantar Kartu Keluarga", "2. Pengantar KTP-el"]}),
    "talk_whom": ("a service that was chosen", _NOTHING | _TOLD | {
        "service_name": "Pengantar KTP-el", "cost": "Gratis, tidak dipungut biaya apa pun.", "days": "3",
        "next_step": "Bawa surat pengantar ke Disdukcapil.",
        "options": ["1. Saya sendiri", "2. Orang lain yang saya bantu"]}),
    "talk_name": ("for whom it is", _NOTHING | {"other": "Anda"}),
    "talk_rt": ("a name without an RT", _NOTHING | {"name": _SITI}),
    "talk_rt_heads": ("somebody who does not know his RT", _NOTHING | {
        "options": ["1. M. Yusuf Effendi", "2. Tidak ada yang saya kenal"]}),
    "talk_head_rw": ("somebody who does not know his RT, where there are many", _NOTHING | {
        "options": ["1. RW 005", "2. RW 007"]}),
    "talk_rw": ("an RT that there is in several RWs", _NOTHING | {"rt": "023", "options": ["1. RW 005", "2. RW 007"]}),
    "talk_helper": ("the name of the person who is helped", _NOTHING | {"name": _SITI}),
    "talk_relation": ("a helper's name alone", _NOTHING | {"name": _SITI, "options": ["1. Tetangga", "2. Keluarga"]}),
    "talk_helper_phone": ("a helper whose channel does not tell his number", _NOTHING),
    "talk_reason": ("a service that has several reasons", _NOTHING | {
        "understood": f"Kami catat: {_SITI}, RT 023 RW 005. Bila salah, balas misalnya: salah, nama Siti Maimunah",
        "service_name": "Pengantar KTP-el", "options": ["1. Baru", "2. Hilang"]}),
    "talk_pages": ("a case whose documents come by link", _NOTHING | {
        "before": [f"Permohonan sudah dibuka: Pengantar KTP-el (Hilang), {_SITI}, RT 023 RW 005.",
                   f"Kode lacak: {_CODE}",
                   "Ketua RT 023 sudah kami mintai surat pengantar."],
        "documents": ["• Kartu Keluarga", "• Pas foto"],
        "link": f"{_URL}/masuk/tautan/hT3vK8pWq5ZrN2cYx7LmD4sFb9GjA6Ue"}),
    "talk_document": ("the next paper that is missing", _NOTHING | {
        "document": "Kartu Keluarga", "photo_hint": "Foto di tempat terang, seluruh kertas terlihat.",
        "others": "Pas foto"}),
    "talk_field": ("what is to be known of the applicant", _NOTHING | {
        "question": "Kapan pemohon lahir?", "hint": "Contoh: 7 Mei 1995.", "options": []}),
    "talk_photo": ("photos without a caption", _NOTHING | {
        "count": "2", "options": ["1. Kartu Keluarga", "2. Pas foto"]}),
    "talk_agreement": ("a helper's case that lacks the person's consent", _NOTHING | {"name": _SITI}),
    "talk_agreement_code": ("a code that was sent to the person", _NOTHING | {"name": _SITI}),
    "talk_introduction": ("an introduction that was refused", _NOTHING | {
        "rt": "023", "options": ["1. Minta lagi ke ketua RT", "2. Kirim foto surat kertas"]}),
    "talk_original": ("an original that is to be shown", _NOTHING | {
        "documents": "Kartu Keluarga", "office_address": "Jalan Contoh Nomor 1"}),
    "talk_summary": ("all that there is, before it is sent", _NOTHING | {
        "service_name": "Pengantar KTP-el", "lines": [f"Nama: {_SITI}", "RT: 023", "Berkas: Kartu Keluarga, Pas foto"],
        "waits": "", "options": ["1. Kirim", "2. Ada yang salah"]}),
    "talk_correct": ("something in it that is wrong", _NOTHING | {"options": ["1. Nama", "2. RT dan RW"]}),
    "talk_note": ("a sentence by itself", _NOTHING | {
        "before": ["Baik. Begitu ketua RT memberi pengantar, permohonan langsung kami kirim."]}),
    "talk_survey_thanks": ("nine digits, the answer to the survey", _NOTHING | {"service_name": "Pengantar KTP-el"}),
    "talk_survey_again": ("too many or too few digits for the survey", _NOTHING),
    "talk_office": ("what only a person can answer", _NOTHING | {
        "before": ["Pesan Anda sudah kami teruskan ke petugas."], "office_phone": "0711 000000"}),
    "talk_help": ("`bantuan`", _NOTHING | {"office_name": "Bukit Sangkal", "office_phone": "0711 000000"}),
    "talk_unclear": ("words that are not understood", _NOTHING | {"office_phone": "0711 000000"}),
    "talk_status": ("`sudah sampai mana?`", _NOTHING | {
        "case": f"Pengantar KTP-el, {_SITI}", "stands": "Sudah kami terima dan menunggu diperiksa petugas.",
        "turn": "Sekarang di petugas kelurahan.", "go_on": "", "promised_date": "Rabu, 19 Agustus 2026",
        "tracking_code": _CODE, "track_url": f"{_URL}/lacak/{_CODE}"}),
    "talk_statuses": ("the same from somebody who has several cases", _NOTHING | {
        "cases": [f"• Pengantar KTP-el, {_SITI} (XW2RB): Belum dikirim. Sekarang giliran Anda."]}),
    "talk_menu": ("`menu`, from somebody who has a case", _NOTHING | {
        "office": "Bukit Sangkal",
        "options": [f"1. Pengantar KTP-el, {_SITI} (XW2RB)", "2. Permohonan baru", "3. Bicara dengan petugas"]}),
    "talk_cancelled": ("`batal`, before a case was opened", _NOTHING),
    "talk_withdraw": ("`batal`, of an open case", _NOTHING | {
        "case": f"Pengantar KTP-el, {_SITI} (XW2RB)", "options": ["1. Ya, batalkan", "2. Tidak, lanjutkan"]}),
    "talk_complaint": ("`keluhan`, `saran`, `tanya`", _NOTHING | {
        "kind": "Keluhan",
        "complaint": "Isi halaman Keluhan, atau temui petugas.",
        "office_phone": "0711 000000"}),
    "talk_complaint_kind": ("`lapor`", _NOTHING | {
        "office": "Bukit Sangkal", "options": ["1. Keluhan", "2. Usulan atau saran", "3. Pertanyaan"]}),
    "talk_complaint_about": ("what happened", _NOTHING | {
        "options": ["1. Pelayanan kantor", "2. Petugas kelurahan", "3. Ketua RT", "4. Ketua RW", "5. Lurah"]}),
    "talk_complaint_case": ("a complaint of somebody who has applications", _NOTHING | {
        "options": [f"1. Pengantar KTP-el, {_SITI} (XW2RB)", "2. Bukan tentang itu"]}),
    "talk_complaint_name": ("a complaint that was told", _NOTHING | {
        "options": ["1. Dengan nama saya", "2. Rahasia", "3. Tanpa nama"]}),
    "talk_complaint_ticket": ("`tanpa nama`", _NOTHING | {
        "ticket": "ADU-7K3M9-XW2RB", "code": "4H7KM-Q2WXZ", "address": f"{_URL}/keluhan/ADU-7K3M9-XW2RB"}),
    "talk_complaint_reopen": ("`belum`, to an answer", _NOTHING),
    "talk_complaint_content": ("other words to an answer", _NOTHING | {"options": ["1. Puas", "2. Belum"]}),
    "talk_complaint_status": ("a ticket", _NOTHING | {
        "ticket": "ADU-7K3M9-XW2RB", "stands": "sedang ditangani",
        "address": f"{_URL}/keluhan/ADU-7K3M9-XW2RB"}),
}  # fmt: skip
