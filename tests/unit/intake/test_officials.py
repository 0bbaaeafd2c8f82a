"""Terms of an office's officials: in order, and one holder of a post at a time."""

from __future__ import annotations

from typing import Any

import pytest

from intake.domain.errors import UnusableOffice
from intake.domain.officials import check_officials

LURAH: dict[str, Any] = {"role": "lurah", "name": "Hj. Rusmala Dewi", "position": "Lurah Bukit Sangkal"}
SECTION: dict[str, Any] = {"role": "section_head", "name": "Kemas Fauzi", "position": "Kepala Seksi Pemerintahan"}
OFFICER: dict[str, Any] = {"role": "officer", "name": "Nyayu Halimah", "position": "Petugas Loket"}


@pytest.mark.parametrize(
    "officials",
    [
        [LURAH, OFFICER, OFFICER],
        [LURAH | {"from": None, "to": "2026-06-30"}, LURAH | {"from": "2026-07-01"}],
        [LURAH | {"from": "2026-07-01"}, LURAH | {"from": "2024-01-01", "to": "2026-06-30"}],
        [LURAH | {"from": "2026-07-01", "to": "2026-07-01"}],
        [LURAH, LURAH | {"acting": "plh", "from": "2026-08-10", "to": "2026-08-14"}],
        [SECTION, SECTION | {"position": "Kepala Seksi Pelayanan Umum"}],
    ],
)
def test_terms_that_follow_each_other_are_taken(officials: list[dict[str, Any]]) -> None:
    check_officials(officials)


@pytest.mark.parametrize(
    ("officials", "path", "word"),
    [
        ([LURAH, LURAH], "officials.1.from", "overlaps"),
        ([LURAH | {"to": "2026-07-01"}, LURAH | {"from": "2026-07-01"}], "officials.1.from", "overlaps"),
        ([LURAH | {"from": "2026-07-01"}, LURAH], "officials.1.from", "overlaps"),
        ([LURAH | {"acting": "plt"}, LURAH | {"acting": "plh"}], "officials.1.from", "overlaps"),
        ([SECTION, SECTION | {"position": "kepala seksi  Pemerintahan"}], "officials.1.from", "overlaps"),
        ([LURAH | {"from": "2026-07-02", "to": "2026-07-01"}], "officials.0.to", "before"),
        ([LURAH, OFFICER | {"to": "2026-02-30"}], "officials.1.to", "no such day"),
        ([LURAH, OFFICER | {"acting": "plt"}], "officials.1.acting", "acting"),
    ],
)
def test_terms_that_leave_open_who_signs_are_refused_with_their_place(
    officials: list[dict[str, Any]], path: str, word: str
) -> None:
    with pytest.raises(UnusableOffice) as refused:
        check_officials(officials)
    assert refused.value.more == {"path": path}
    assert word in refused.value.detail.en
