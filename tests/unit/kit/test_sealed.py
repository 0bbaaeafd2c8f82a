"""Keyrings: what they seal and open, and how they follow their file."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kit import sealed
from kit.sealed import CannotOpen, Keyring, key_ids, key_of, looks_sealed, new_key

OLD, NEW = new_key("k1"), new_key("k2")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    path.write_text(OLD, "ascii")
    return path


def change(file: Path, text: str) -> None:
    """As the rotation does: whole or not at all."""
    draft = file.with_suffix(".new")
    draft.write_text(text, "ascii")
    os.replace(draft, file)


def wait_for_the_next_look(keys: Keyring) -> None:
    keys._looked = time.monotonic() - sealed.LOOKS_EVERY


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    keys = Keyring(OLD)
    made = keys.seal({"name": "Masayu"}, "person:1")
    assert looks_sealed(made) and "Masayu" not in made
    assert keys.open(made, "person:1") == {"name": "Masayu"}
    with pytest.raises(CannotOpen):
        keys.open(made, "person:2")


def test_the_first_key_seals_and_all_open() -> None:
    old, both, new = Keyring(OLD), Keyring(f"{NEW},{OLD}"), Keyring(NEW)
    before = old.seal("x", "c")
    assert both.open(before, "c") == "x"
    after = both.seal("x", "c")
    assert key_of(after) == "k2" and new.open(after, "c") == "x"
    with pytest.raises(CannotOpen):
        new.open(before, "c")


def test_sealing_anew_leaves_what_is_sealed_with_the_current_key() -> None:
    before, both = Keyring(OLD).seal([1], "c"), Keyring(f"{NEW},{OLD}")
    after = both.reseal(before, "c")
    assert after is not None and Keyring(NEW).open(after, "c") == [1]
    assert both.reseal(after, "c") is None


def test_look_ups_take_the_fingerprint_of_any_key_and_writing_takes_the_current_ones() -> None:
    old, both, new = Keyring(OLD), Keyring(f"{NEW},{OLD}"), Keyring(NEW)
    before = old.blind_index("1671104203660006", "nik")
    assert both.blind_indexes("1671104203660006", "nik") == [new.blind_index("1671104203660006", "nik"), before]
    assert both.blind_index("1671104203660006", "nik") == new.blind_index("1671104203660006", "nik")
    assert both.same_index(before, "1671104203660006", "nik") and not both.same_index(before, "x", "nik")
    assert not new.same_index(before, "1671104203660006", "nik")


def test_a_ring_follows_its_file_within_a_second(file: Path) -> None:
    keys = Keyring(OLD, file)
    before = keys.seal("x", "c")
    change(file, f"{NEW},{OLD}")
    assert key_of(keys.seal("x", "c")) == "k1", "no look at the file for each value"
    wait_for_the_next_look(keys)
    assert key_of(keys.seal("x", "c")) == "k2" and keys.open(before, "c") == "x"
    change(file, NEW)
    wait_for_the_next_look(keys)
    assert keys.ids == ("k2",)
    with pytest.raises(CannotOpen):
        keys.open(before, "c")


def test_a_ring_that_meets_an_unknown_key_looks_at_once(file: Path) -> None:
    keys = Keyring(OLD, file)
    keys.seal("x", "c")
    change(file, f"{OLD},{NEW}")
    assert keys.open(Keyring(NEW).seal("x", "c"), "c") == "x"


@pytest.mark.parametrize("broken", ["", "k2", f"{NEW},{OLD[:20]}", "k2:AAAA"], ids=["empty", "a name", "half", "short"])
def test_a_file_that_is_not_whole_changes_nothing(file: Path, broken: str) -> None:
    keys = Keyring(OLD, file)
    before = keys.seal("x", "c")
    file.write_text(broken, "ascii")
    wait_for_the_next_look(keys)
    assert keys.open(before, "c") == "x"
    change(file, NEW)
    wait_for_the_next_look(keys)
    assert keys.current == "k2", "it is read again when it is whole"


def test_a_file_that_is_away_changes_nothing(file: Path) -> None:
    keys = Keyring(OLD, file)
    keys.seal("x", "c")
    file.unlink()
    wait_for_the_next_look(keys)
    assert keys.current == "k1"


@pytest.mark.parametrize(
    "text", ["", "k1", "k1:AAAA", "a.b:" + OLD.partition(":")[2]], ids=["empty", "a name", "short", "a dot"]
)
def test_text_that_is_no_keyring_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # base64's own errors are ValueErrors too
        Keyring(text)


def test_the_ids_of_a_ring_are_told_in_its_order() -> None:
    assert key_ids(f"{NEW},{OLD}\n") == ["k2", "k1"]


def test_not_one_sign_of_it_may_be_changed() -> None:
    sealed = Keyring(OLD).seal("x", "people")
    for place in range(3, len(sealed) - 3):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            Keyring(OLD).open(changed, "people")


@pytest.mark.parametrize("text", ["", "k1", "k1.", "k1.AAAA", "k9.AAAA", "."])
def test_what_is_no_sealed_value_does_not_open(text: str) -> None:
    with pytest.raises(CannotOpen):
        Keyring(OLD).open(text, "people")
