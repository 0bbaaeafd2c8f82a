"""As what somebody touched a case, in the words that its person reads."""

from __future__ import annotations

import pytest

from intake.domain.accesses import Held, role_of

HELD = Held("16.71.10.1001", owner="owner", resident="resident", helper="helper")


@pytest.mark.parametrize(
    ("reader", "roles", "shown"),
    [
        ("yanti", ["officer"], "officer"),
        ("arsip", ["letters.read"], "machine"),
        ("resident", ["applicant"], None),
        ("helper", ["applicant"], "helper"),
        ("somebody", ["applicant"], "other"),
        ("somebody", [], "officer"),
    ],
)
def test_whoever_reads_is_shown_by_what_he_is(reader: str, roles: list[str], shown: str | None) -> None:
    assert role_of(reader, roles, HELD) == shown
