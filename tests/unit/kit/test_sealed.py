"""What is sealed opens with its key, for its purpose, unchanged, and not otherwise."""

from __future__ import annotations

import pytest

from kit.sealed import CannotOpen, Keyring, new_key

FIRST, SECOND = new_key("k1"), new_key("k2")
RING = Keyring(FIRST)
WHO = {"nik": "1671104107800002", "name": "Siti Contoh"}


def test_what_was_sealed_opens_and_shows_nothing() -> None:
    sealed = RING.seal(WHO, "people")
    assert RING.open(sealed, "people") == WHO
    assert "1671" not in sealed and "Siti" not in sealed
    assert RING.seal(WHO, "people") != sealed


def test_it_opens_for_its_purpose_only() -> None:
    with pytest.raises(CannotOpen):
        RING.open(RING.seal(WHO, "people"), "event")


def test_not_one_sign_of_it_may_be_changed() -> None:
    sealed = RING.seal(WHO, "people")
    for place in range(3, len(sealed) - 3):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            RING.open(changed, "people")


@pytest.mark.parametrize("text", ["", "k1", "k1.", "k1.AAAA", "k9.AAAA", "."])
def test_what_is_no_sealed_value_does_not_open(text: str) -> None:
    with pytest.raises(CannotOpen):
        RING.open(text, "people")


def test_an_older_key_opens_and_the_first_one_seals() -> None:
    rotated = Keyring(f"{SECOND},{FIRST}")
    assert rotated.open(RING.seal(WHO, "people"), "people") == WHO
    assert rotated.seal(WHO, "people").startswith("k2.")
    with pytest.raises(CannotOpen):
        RING.open(rotated.seal(WHO, "people"), "people")


def test_equal_values_have_equal_fingerprints_that_need_the_key() -> None:
    assert RING.blind_index("0812", "phone") == RING.blind_index("0812", "phone")
    assert RING.blind_index("0812", "phone") != RING.blind_index("0812", "nik")
    assert RING.blind_index("0812", "phone") != Keyring(SECOND).blind_index("0812", "phone")
    assert RING.blind_index("0812", "phone") == Keyring(f"{SECOND},{FIRST}").blind_index("0812", "phone")
