"""Letters that wait for the lurah: cases over HTTP, and the RT head's word as verification tells it."""

from __future__ import annotations

from contextlib import closing
from uuid import UUID

from bench.verdicts import Verdicts
from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for

NAMES = (
    "Abdul Muis", "Aminah binti H. Cek Din", "Darmawan", "Fatimah Zahro", "Hasan Basri", "Husnul Khotimah", "Ibrahim",
    "Jamilah", "Kemas Ahmad", "Laila Sari", "Masagus Yusuf", "Mukhtar", "Nyimas Halimah", "Nurbaiti", "Oktaviani",
    "Rusdi", "Salma", "Syarifuddin", "Taufik Hidayat", "Umi Kalsum", "Zubaidah",
)  # fmt: skip


def person(stack: Stack, role: str, sub: str | None = None) -> Person:
    return Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), role, sub=sub))


def letters_wait(stack: Stack) -> list[str]:
    """A case for each of NAMES, its letter drafted; the cases' ids."""
    cases = [person(stack, "applicant", f"applicant:letters-{n}").post("/v1/applications", _body(n))["id"]
             for n in range(len(NAMES))]  # fmt: skip
    with closing(Verdicts(stack)) as verdicts:
        verdicts.received([UUID(case) for case in cases])
        verdicts.passed([UUID(case) for case in cases])
    officer = person(stack, "officer")

    def drafted() -> bool:
        found = officer.get("/v1/letters", status="drafted", limit=200)["items"]
        return {one["application_id"] for one in found if not one["form"]} >= set(cases)

    wait_for(drafted, "the drafts", within=60)
    return cases


def _body(number: int) -> dict[str, object]:
    day = f"{number + 1:02d}"
    return {
        "service": "KTP",
        "reason": "lost",
        "applicant": {
            "name": NAMES[number], "nik": f"167110{day}0780{number + 1:04d}", "birth_place": "Palembang",
            "birth_date": f"1980-07-{day}", "sex": "L", "address": f"Jalan Pasar Bukit Nomor {number + 1}",
            "rt": "023", "rw": "005",
        },
        "contact": {"name": NAMES[number], "phone": "0821-7777-1234"},
    }  # fmt: skip
