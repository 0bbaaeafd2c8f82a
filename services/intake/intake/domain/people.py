"""What is accepted as a person's data: names as given, numbers by their rules, phones as E.164."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.phones import normalise_phone
from contracts.places import normalise_rt, normalise_rw
from intake.domain.identity import (
    IdentityError,
    Nik,
    Sex,
    kk_warnings,
    nik_warnings,
    parse_kk_number,
    parse_nik,
)
from kit.problems import Unprocessable, Words

_SAID: dict[str, Words] = {
    "nik": Words("NIK tidak benar; periksa 16 angkanya.", "This is no NIK; check its 16 digits."),
    "kk": Words("Nomor KK tidak benar; periksa 16 angkanya.", "This is no KK number; check its 16 digits."),
    "rt": Words("RT ditulis sebagai angka, misalnya 023.", "Write the RT as a number, such as 023."),
    "rw": Words("RW ditulis sebagai angka, misalnya 005.", "Write the RW as a number, such as 005."),
    "phone": Words("Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890."),
    "birth": Words("Tanggal lahir belum terjadi.", "The birth date is in the future."),
    "required": Words("Harus diisi.", "This is required."),
}

REQUIRED = ("name", "nik", "birth_place", "birth_date", "sex", "address")
"""What has to be known of the applicant before submitting."""


class NotAccepted(Unprocessable):
    """A person's data break a rule; `errors` names the fields."""


def accept(person: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The person's data in the form in which they are kept. Raises NotAccepted with every field that is wrong."""
    kept = {
        part: {name: value for name, value in person[part].items() if value is not None}
        for part in ("applicant", "contact", "helper", "details")
        if person.get(part) is not None
    }
    applicant: dict[str, Any] = kept.get("applicant", {})
    wrong: dict[str, dict[str, Any]] = {"applicant": _applicant_errors(applicant, today)}
    for part in ("contact", "helper"):
        wrong[part] = {}
        _read(kept.get(part, {}), wrong[part], "phone", normalise_phone, "phone")
    if errors := {part: found for part, found in wrong.items() if found}:
        raise NotAccepted(errors={"json": errors})
    return kept


def _applicant_errors(applicant: dict[str, Any], today: date) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    _read(applicant, wrong, "nik", lambda text: parse_nik(text, today=today).number, "nik")
    _read(applicant, wrong, "kk_number", lambda text: parse_kk_number(text, today=today).number, "kk")
    _read(applicant, wrong, "rt", normalise_rt, "rt")
    _read(applicant, wrong, "rw", normalise_rw, "rw")
    for name in ("name", "rt", "rw"):
        if not applicant.get(name):
            wrong.setdefault(name, [_SAID["required"]])
    born = applicant.get("birth_date")
    if isinstance(born, date):
        applicant["birth_date"] = born.isoformat()
    if born and date.fromisoformat(applicant["birth_date"]) > today:
        wrong["birth_date"] = [_SAID["birth"]]
    return wrong


def _read(part: dict[str, Any], wrong: dict[str, Any], name: str, rule: Callable[[str], str], said: str) -> None:
    if part.get(name) is None:
        return
    try:
        part[name] = rule(part[name])
    except (IdentityError, ValueError):
        wrong[name] = [_SAID[said]]


def accept_nik(text: str, today: date) -> str:
    """A NIK by itself. Raises NotAccepted."""
    try:
        return parse_nik(text.strip(), today=today).number
    except IdentityError:
        raise NotAccepted(errors={"json": {"nik": [_SAID["nik"]]}}) from None


def warnings(applicant: Mapping[str, Any], today: date, kelurahan: str) -> list[str]:
    """Codes of what looks odd but is no error (Dukcapil does not renumber)."""
    found: list[str] = []
    nik: Nik | None = None
    if applicant.get("nik"):
        nik = parse_nik(applicant["nik"], today=today)
        born = applicant.get("birth_date")
        sex = {"L": Sex.MALE, "P": Sex.FEMALE}.get(applicant.get("sex", ""))
        home = kelurahan.replace(".", "")[:4]
        found += nik_warnings(nik, date.fromisoformat(born) if born else None, sex, home)
    if applicant.get("kk_number"):
        found += kk_warnings(parse_kk_number(applicant["kk_number"], today=today), nik)
    return found


def missing(applicant: Mapping[str, Any]) -> list[str]:
    """What has to be known of the applicant before submitting and is not."""
    return [f"applicant.{name}" for name in REQUIRED if not applicant.get(name)]
