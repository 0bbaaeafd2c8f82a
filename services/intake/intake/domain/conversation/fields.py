"""What is asked of a case's fields in words, and how an answer is read: what a letter cannot do without, and only what
no scan shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.sop import APPLICANT
from intake.domain.conversation import reading, words
from intake.domain.conversation.turns import Choice, Heard
from kit.problems import Words

LONGEST = 300


@dataclass(frozen=True)
class Asked:
    """A field as a question; `part` says where it belongs in a correction."""

    part: str
    code: str
    question: Words
    kind: str = "text"
    hint: Words = Words("", "")
    choices: Sequence[Choice] = ()


_OF_APPLICANT: Mapping[str, Asked] = {
    one.code: one
    for one in (
        Asked("applicant", "name", Words("Siapa nama lengkap pemohon, seperti di KTP?",
                                         "What is the applicant's full name, as on the identity card?"), "name"),
        Asked("applicant", "rt", Words("RT dan RW berapa?", "Which RT and RW?"), "place",
              Words("Contoh: RT 23 RW 5.", "Such as: RT 23 RW 5.")),
        Asked("applicant", "nik", Words("Berapa NIK pemohon?", "What is the applicant's NIK?"), "nik",
              Words("16 angka, ada di KTP atau KK.", "16 digits, on the identity card or family card.")),
        Asked("applicant", "birth_place", Words("Di kota atau kabupaten mana pemohon lahir?",
                                                "In which city or regency was the applicant born?")),
        Asked("applicant", "birth_date", Words("Kapan pemohon lahir?", "When was the applicant born?"), "date",
              Words("Contoh: 7 Mei 1995.", "Such as: 7 May 1995.")),
        Asked("applicant", "sex", Words("Pemohon perempuan atau laki-laki?", "Is the applicant a woman or a man?"),
              "choice", choices=(
                  Choice("P", Words("Perempuan", "Woman"), ("p", "wanita", "cewek", "perempuan", "ibu", "female")),
                  Choice("L", Words("Laki-laki", "Man"), ("l", "pria", "lelaki", "laki laki", "laki", "bapak", "male")),
              )),
        Asked("applicant", "address", Words("Di mana alamat pemohon?", "What is the applicant's address?"),
              hint=Words("Jalan, lorong, dan nomor rumah.", "Street, lane and number.")),
    )
}  # fmt: skip


def asked(code: str, sop: Mapping[str, Any]) -> Asked | None:
    """The question for a field; None for one that words are no way to answer, such as a list of people."""
    code = code.removeprefix("applicant.")
    if code in _OF_APPLICANT:
        return _OF_APPLICANT[code]
    found = next((one for one in sop["fields"] if one["code"] == code), None)
    if found is None or found["type"] == "rows":
        return None
    name = Words(f"{found['name']['id']}?", f"{found['name']['en']}?")
    choices = tuple(
        Choice(one["code"], Words(one["name"]["id"], one["name"]["en"])) for one in found.get("choices", ())
    )
    kind = "nik" if code.endswith(("nik", "kk_number")) else str(found["type"])
    hint = Words("Contoh: 7 Mei 2026.", "Such as: 7 May 2026.") if kind == "date" else Words("", "")
    return Asked("applicant" if code in APPLICANT else "details", code, name, kind, hint, choices)


def is_number(one: Asked) -> bool:
    """Whether it is one of those that some channels neither ask for nor tell."""
    return one.kind == "nik"


def read(one: Asked, heard: Heard, today: date) -> tuple[Any, Words | None]:
    """(value, what is wrong)."""
    if one.kind == "nik":
        return _or(reading.sixteen(heard.text), "NIK itu 16 angka. Periksa lagi, lalu tulis angkanya saja.",
                   "A NIK has 16 digits. Please check, and write just the digits.")  # fmt: skip
    if one.kind == "name":
        return _or(reading.name(heard.text), "Tulis nama lengkap, misalnya: Siti Maimunah.",
                   "Write the full name, such as: Siti Maimunah.")  # fmt: skip
    if one.kind == "place":
        where = reading.place(heard.text)
        value = {"rt": where.rt} | ({"rw": where.rw} if where.rw else {}) if where.rt else None
        return _or(value, "Tulis RT dan RW-nya, misalnya: RT 23 RW 5.", "Write RT and RW, such as: RT 23 RW 5.")
    if one.kind == "date":
        return _or(reading.day(heard.text, today), "Tanggalnya belum terbaca. Tulis seperti ini: 7 Mei 1995.",
                   "We could not read the date. Write it like this: 7 May 1995.")  # fmt: skip
    if one.kind == "choice":
        found = words.chosen(heard.text, heard.choice, [(each.id, each.named) for each in one.choices])
        return _or(found, "Balas dengan salah satu angka di bawah.", "Answer with one of the digits below.")
    if one.kind == "number":
        found_number = words.said(heard.text).replace(".", "").replace(",", ".")
        try:
            return float(found_number) if "." in found_number else int(found_number), None
        except ValueError:
            return _or(None, "Tulis angkanya saja.", "Write just the number.")
    text = words.plain(heard.text)
    if not text or len(text) > LONGEST:
        return _or(None, f"Tulis jawabannya, paling panjang {LONGEST} huruf.", f"Write at most {LONGEST} characters.")
    return text, None


def _or(value: Any, wrong_id: str, wrong_en: str) -> tuple[Any, Words | None]:
    return value, Words(wrong_id, wrong_en) if value is None else None
