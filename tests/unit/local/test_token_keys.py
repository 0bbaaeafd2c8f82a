"""Keys that sign access tokens are announced, switched to and retired, each step as often as one likes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from deploy.setup import token_keys
from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, make_all
from kit.auth import TokenReader, TokenWriter, make_token
from kit.problems import Unauthorized


def token(folder: Path) -> str:
    now = int(time.time())
    said = {"sub": "x", "roles": ["officer"], "tenant": "16.71.10.1001", "iat": now, "exp": now + 60}
    return make_token((folder / PRIVATE_KEY).read_text("ascii"), said)


def reader(folder: Path) -> TokenReader:
    return TokenReader(lambda: (folder / PUBLIC_KEYS).read_text("ascii"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_all(tmp_path)
    return tmp_path


def test_tokens_of_both_keys_count_until_the_first_is_retired(folder: Path) -> None:
    before, checks = token(folder), reader(folder)
    token_keys.announce(folder)
    token_keys.announce(folder)
    assert len(json.loads((folder / PUBLIC_KEYS).read_text())["keys"]) == 2
    token_keys.switch(folder)
    after = token(folder)
    assert reader(folder).read(before) and reader(folder).read(after)
    checks._read_at -= 2  # it has read them more than a second ago, and does so again for a key it does not know
    assert checks.read(after)
    with pytest.raises(token_keys.TooEarly):
        token_keys.retire(folder)
    os.utime(folder / PRIVATE_KEY, (time.time() - 601, time.time() - 601))
    assert (token_keys.retire(folder), token_keys.retire(folder)) == (1, 0)
    assert reader(folder).read(after)
    with pytest.raises(Unauthorized):
        reader(folder).read(before)


def test_nothing_signs_with_a_key_that_was_not_announced(folder: Path) -> None:
    with pytest.raises(SystemExit, match="announce"):
        token_keys.switch(folder)


def test_the_files_keep_their_mode(folder: Path) -> None:
    (folder / PUBLIC_KEYS).chmod(0o440)
    (folder / PRIVATE_KEY).chmod(0o440)
    token_keys.announce(folder)
    token_keys.switch(folder)
    assert {(folder / name).stat().st_mode & 0o777 for name in (PUBLIC_KEYS, PRIVATE_KEY)} == {0o440}


def test_a_file_that_is_away_for_a_moment_signs_nobody_out(folder: Path) -> None:
    known, checks = token(folder), reader(folder)
    signs = TokenWriter(lambda: (folder / PRIVATE_KEY).read_text("ascii"))
    said = {"sub": "x", "roles": [], "tenant": "x", "iat": 0, "exp": 2**40}
    assert signs.sign(said)
    for name in (PUBLIC_KEYS, PRIVATE_KEY):
        (folder / name).rename(folder / f"{name}.away")
    checks._read_at = signs._read_at = float("-inf")
    assert checks.read(known) and signs.sign(said)
