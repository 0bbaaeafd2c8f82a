"""An office as master data tell it: what is given replaces what was known, what is left out stays.

A new office begins with what its names and the shipped hours make of it. What had to be filled in for that is listed
in `made_up` until somebody gives it, so that nobody takes it for the real one.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from kit.problems import Words

NEEDED = ("name", "kecamatan", "kota", "province", "zone")
"""What a new office cannot begin without, and the postal code of its address."""
IN_PARTS = ("address", "letterhead", "registers", "calendar")
"""Of these each field is given, or left out, by itself."""
_FILLED_IN = ("address", "officials")
_LINE, _ADDRESS = 200, 300
"""What fits on a line of the letterhead, and on its address."""
_MISSING = Words("Wajib untuk kantor baru.", "A new office needs this.")

Office = Mapping[str, Any]


def missing(given: Office) -> dict[str, list[Words]]:
    """By field, what a new office of these data lacks."""
    gone = [name for name in NEEDED if name not in given]
    if "postal_code" not in given.get("address", {}):
        gone.append("address.postal_code")
    return {name: [_MISSING] for name in gone}


def merged(known: Office, given: Office) -> dict[str, Any]:
    """What is known of an office, with what is given."""
    data = deepcopy(dict(known))
    for name, value in given.items():
        in_parts = name in IN_PARTS and isinstance(data.get(name), Mapping)
        data[name] = {**data[name], **value} if in_parts else deepcopy(value)
    if "made_up" not in given:
        real = {name for name in given if name != "address" or "street" in given["address"]}
        data["made_up"] = [part for part in data.get("made_up", []) if part not in real]
    return data


def begun(given: Office, shipped: Office) -> dict[str, Any]:
    """A new office, of which nothing is `missing`. `shipped` lends hours, number format and classifications."""
    name, address = given["name"], given["address"]
    street = address.get("street") or f"Kantor Kelurahan {name}"[:_LINE]
    known = {
        "code": given["code"],
        "made_up": list(_FILLED_IN),
        "address": {"street": street, "phone": None, "email": None, "website": None},
        "letterhead": {
            "lines": [
                line.upper()[:_LINE]
                for line in (_government(given["kota"]), f"Kecamatan {given['kecamatan']}", f"Kelurahan {name}")
            ],
            "address": (
                f"{street}, {given['kota']}, Provinsi {given['province']}, Kode Pos {address['postal_code']}"
            )[:_ADDRESS],
            "emblem": None,
        },
        "registers": {**shipped["registers"], "code": f"KEL-{_letters(name)}"[:40]},
        "officials": [],
        "calendar": shipped["calendar"],
    }  # fmt: skip
    return merged(known, given)


def changed(known: Office, data: Office) -> list[str]:
    """The parts that are not as they were."""
    return sorted(name for name in {*known, *data} if known.get(name) != data.get(name))


def _government(kota: str) -> str:
    kind = "" if kota.casefold().startswith(("kota ", "kabupaten ")) else "KOTA "
    return f"PEMERINTAH {kind}{kota}"


def _letters(name: str) -> str:
    return "".join(sign for sign in name.upper() if sign.isalnum())
