"""A case's fields as questions that a person understands, one on a page; and the way through all that a case needs."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from contracts.consent import CONSENT_PAPER
from contracts.sop import APPLICANT, applies
from intake.domain.applications import NEIGHBOURS
from intake.domain.consent import CONSENT, helper_of
from intake.pages.applicant.case import Case
from kit.language import language
from kit.problems import Words

MOST_ON_A_PAGE = 5
EMPTY_ROWS = 2
"""So many empty rows wait for more."""


@dataclass(frozen=True)
class Field:
    """One field of a question. `part` says where it belongs in a correction."""

    part: str
    code: str
    name: Words
    kind: str = "text"
    hint: Words | None = None
    choices: tuple[tuple[str, Words], ...] = ()
    columns: tuple[tuple[str, Words], ...] = ()
    inputmode: str = ""
    autocomplete: str = "off"
    short: bool = False

    @property
    def id(self) -> str:
        """Its name in a form, by which what is wrong with it finds it."""
        return f"{self.part}-{self.code}" if self.part else self.code


@dataclass(frozen=True)
class Question:
    """A page of questions. `code` is its address."""

    code: str
    title: Words
    fields: tuple[Field, ...]
    hint: Words | None = None


@dataclass(frozen=True)
class Place:
    """A page on the way to submitting. `missing` are the codes of what it still lacks."""

    address: str
    title: Words
    missing: frozenset[str] = field(default_factory=frozenset)


NAME = Field(
    "applicant", "name", Words("Nama lengkap", "Full name"), hint=Words("Seperti pada KTP.", "As on the card.")
)
NIK = Field(
    "applicant", "nik", Words("NIK", "NIK"), inputmode="numeric", short=True,
    hint=Words("16 angka, ada di KTP dan KK.", "16 digits, on the identity card and the family card."),
)  # fmt: skip
RT = Field(
    "applicant", "rt", Words("RT", "RT"), inputmode="numeric", short=True, hint=Words("Misalnya 023.", "Such as 023.")
)
RW = Field(
    "applicant", "rw", Words("RW", "RW"), inputmode="numeric", short=True, hint=Words("Misalnya 005.", "Such as 005.")
)
PHONE = Field(
    "contact", "phone", Words("Nomor HP", "Mobile number"), inputmode="tel", autocomplete="tel", short=True,
    hint=Words(
        "Ke nomor ini kami mengirim kabar. Contoh: 0812 3456 7890.", "News go to this number. Such as 0812 3456 7890."
    ),
)  # fmt: skip
MAIL = Field(
    "contact", "email", Words("Surel", "Mail address"), inputmode="email", autocomplete="email",
    hint=Words("Bila ada. Dipakai bila pesan ke HP tidak sampai.", "If there is one: for when the phone gets nothing."),
)  # fmt: skip

_PERSON = Question("pemohon", Words("Siapa nama pemohon?", "What is the applicant's name?"), (NAME, NIK))
_BIRTH = Question(
    "lahir",
    Words("Kapan dan di mana pemohon lahir?", "When and where was the applicant born?"),
    (
        Field("applicant", "birth_place", Words("Tempat lahir", "Place of birth"),
              hint=Words("Kota atau kabupaten.", "City or regency.")),
        Field("applicant", "birth_date", Words("Tanggal lahir", "Date of birth"), "date"),
        Field("applicant", "sex", Words("Jenis kelamin", "Sex"), "choice",
              choices=(("P", Words("Perempuan", "Woman")), ("L", Words("Laki-laki", "Man")))),
    ),
)  # fmt: skip
_ADDRESS = Question(
    "alamat",
    Words("Di mana pemohon tinggal?", "Where does the applicant live?"),
    (Field("applicant", "address", Words("Alamat", "Address"), "lines",
           hint=Words("Jalan, lorong, dan nomor rumah.", "Street, lane and number.")), RT, RW),
)  # fmt: skip
_CONTACT = Question(
    "kontak",
    Words("Ke mana kami mengirim kabar?", "Where do we send news?"),
    (Field("contact", "name", Words("Nama penerima kabar", "Whom to write to")), PHONE, MAIL),
)  # fmt: skip

_ABOUT: Mapping[str, Words] = {
    "former": Words("Suami atau istri terdahulu", "The former husband or wife"),
    "partner": Words("Calon suami atau istri", "The future husband or wife"),
    "wedding": Words("Akad nikah", "The wedding"),
    "business": Words("Usaha", "The business"),
    "deceased": Words("Almarhum atau almarhumah", "The deceased"),
    "death": Words("Peristiwa meninggal", "The death"),
    "residence": Words("Tempat tinggal sekarang", "Where one lives now"),
}
"""What fields are about whose codes begin so. Others go together under a title of their own."""
_OTHERWISE = Words("Keterangan permohonan", "About this application")


def questions(case: Case) -> list[Question]:
    """All questions of a case, in their order."""
    asked = [_PERSON, _BIRTH, _ADDRESS, *_of_service(case), _CONTACT]
    if len(case.sop["reasons"]) > 1:
        asked.insert(0, _reason(case))
    known = {field.code for one in asked for field in one.fields}
    return asked + [one for one in [_returned(case, known)] if one.fields]


def _returned(case: Case, known: Container[str]) -> Question:
    """What an officer reads from scans by himself is asked for where he returned the case for it."""
    wanted = {item["requirement"] for item in case.app.returned_items} - {NEIGHBOURS}
    fields = [_field(one) for one in case.sop["fields"] if one["code"] in wanted and one["code"] not in known]
    return Question("diminta", Words("Yang diminta petugas", "What the officer asks for"), tuple(fields))


def _reason(case: Case) -> Question:
    choices = tuple((one["code"], _words(one["name"])) for one in case.sop["reasons"])
    name = Words("Alasan", "Reason")
    return Question("alasan", Words("Mengapa permohonan ini diajukan?", "What is this application for?"),
                    (Field("", "reason", name, "choice", choices=choices),))  # fmt: skip


def _of_service(case: Case) -> Iterator[Question]:
    """What the service wants to know of its own: what belongs together, at most a handful on a page; lists alone."""
    wanted = [
        one for one in case.sop["fields"]
        if one["source"] == "applicant" and applies(one, case.app.reason, case.app.facts)
    ]  # fmt: skip
    number = 0
    for about, found in groupby(wanted, key=_about):
        fields = [_field(one) for one in found]
        title = fields[0].name if about == "rows" else _ABOUT.get(about, _OTHERWISE)
        for start in range(0, len(fields), MOST_ON_A_PAGE):
            number += 1
            yield Question(f"rincian-{number}", title, tuple(fields[start : start + MOST_ON_A_PAGE]))


def _about(one: Mapping[str, Any]) -> str:
    prefix = str(one["code"]).partition("_")[0]
    return "rows" if one["type"] == "rows" else prefix if prefix in _ABOUT else ""


def _field(one: Mapping[str, Any]) -> Field:
    code = str(one["code"])
    numeric = one["type"] == "number" or code.endswith(("nik", "_rt", "_rw"))
    return Field(
        "applicant" if code in APPLICANT else "details", code, _words(one["name"]), str(one["type"]),
        choices=tuple((choice["code"], _words(choice["name"])) for choice in one.get("choices", ())),
        columns=tuple((column["code"], _words(column["name"])) for column in one.get("columns", ())),
        inputmode="numeric" if numeric else "", short=numeric,
        hint=None if one["required"] else Words("Boleh dikosongkan.", "May be left empty."),
    )  # fmt: skip


def _words(name: Mapping[str, str]) -> Words:
    return Words(name["id"], name["en"])


def names(fields: Iterable[Field]) -> dict[str, str]:
    """What fields are called, by the name that each has in a form."""
    return {one.id: one.name.in_language(language()) for one in fields}


def value_of(case: Case, one: Field) -> Any:
    """What is known for a field."""
    return case.given[one.part].get(one.code) if one.part else case.app.reason


# --- the way ----------------------------------------------------------------------------------------------------------


def way(case: Case) -> list[Place]:
    """The pages that lead to submitting, in their order."""
    lacks = {code.removeprefix("applicant.") for code in (*case.shown["missing"], *case.shown["missing_fields"])}
    places = [
        Place(f"{case.address}/isi/{one.code}", one.title, frozenset(each.code for each in one.fields) & lacks)
        for one in questions(case)
    ]
    kinds = {one["code"]: one["kind"] for one in case.sop["requirements"]}
    for state in case.shown["requirements"]:
        if state.state not in ("not_needed", "waived") and state.code != CONSENT_PAPER:
            page = "pengantar" if kinds.get(state.code) == "introduction" else f"foto/{state.code}"
            places.append(Place(f"{case.address}/{page}", _words(state.name), frozenset({state.code}) & lacks))
    if helper_of(case.app.person):
        title = Words("Persetujuan pemohon", "The applicant's consent")
        places.append(Place(f"{case.address}/persetujuan", title, frozenset({CONSENT}) & lacks))
    return places


def next_after(case: Case, address: str) -> str:
    """The page after this one; at the end all answers are checked."""
    addresses = [place.address for place in way(case)]
    if address in addresses[:-1]:
        return addresses[addresses.index(address) + 1]
    return f"{case.address}/periksa"


def before(case: Case, address: str) -> str:
    """The page before this one."""
    addresses = [place.address for place in way(case)]
    at = addresses.index(address) if address in addresses else 0
    return addresses[at - 1] if at else case.address


def goes_on_at(case: Case) -> str:
    """The first page that still lacks something, else where all is checked."""
    return next((place.address for place in way(case) if place.missing), f"{case.address}/periksa")


def place_of(case: Case, code: str) -> Place | None:
    """Where a requirement or field is mended."""
    for place in way(case):
        if place.address.endswith(f"/foto/{code}"):
            return place
    for one in questions(case):
        if code.removeprefix("applicant.") in {each.code for each in one.fields}:
            return Place(f"{case.address}/isi/{one.code}", one.title)
    kinds = {one["code"]: one["kind"] for one in case.sop["requirements"]}
    if kinds.get(code) == "introduction":
        return Place(f"{case.address}/pengantar", Words("Surat pengantar RT", "Introduction by the RT head"))
    if code in (CONSENT, CONSENT_PAPER):
        return Place(f"{case.address}/persetujuan", Words("Persetujuan pemohon", "The applicant's consent"))
    return None
