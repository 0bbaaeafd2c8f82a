"""The applicant's conversation, played as transcripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.services import InProcess
from tests.support.talking import CHAT, LINK, Phone, texts
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=_number())


def _number() -> str:
    from kit.ids import new_id

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
