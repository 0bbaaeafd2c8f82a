"""Ports, secrets, the copy of the code: what a stack is made of."""

from __future__ import annotations

import base64
import json
import socket
import stat
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.local import code, ports
from deploy.setup.secrets import SERVICES, make_all, write_once


def test_ports_are_different_within_range_and_the_same_next_time(tmp_path: Path) -> None:
    first = ports.take(_stack(tmp_path, "one"))
    assert len(set(first.values())) == len(first)
    assert all(ports.FIRST <= port <= ports.LAST for port in first.values())
    assert ports.take(tmp_path / "one") == first
    other = ports.take(_stack(tmp_path, "two"))
    assert not set(first.values()) & set(other.values())


def test_only_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    before = ports.take(_stack(tmp_path, "one"))
    with socket.create_server(("127.0.0.1", before["postgres"])):
        after = ports.take(tmp_path / "one")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"postgres"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"postgres": "x"}'])
def test_a_damaged_list_of_ports_is_made_anew(tmp_path: Path, content: str) -> None:
    (_stack(tmp_path, "one") / "ports.json").write_text(content)
    assert set(ports.NAMES) <= set(ports.take(tmp_path / "one"))


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    made = make_all(tmp_path)
    before = {path.name: path.read_bytes() for path in made}
    assert len(set(before.values())) == len(before)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o400 for path in made)
    (tmp_path / "event_keys").unlink()
    assert [path.name for path in make_all(tmp_path)] == ["event_keys"]
    assert all((tmp_path / name).read_bytes() == was for name, was in before.items() if name != "event_keys")


def test_a_secret_that_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> str:
        raise RuntimeError("no entropy")

    with pytest.raises(RuntimeError):
        write_once(tmp_path / "password", fail)
    assert list(tmp_path.iterdir()) == []


def test_the_keys_have_the_form_that_services_read(tmp_path: Path) -> None:
    make_all(tmp_path)
    for name in ("event_keys", *(f"{service}_data_keys" for service in SERVICES)):
        key_id, _, key = (tmp_path / name).read_text().partition(":")
        assert (key_id, len(base64.urlsafe_b64decode(key))) == ("k1", 32)


def test_a_token_of_the_private_key_passes_the_published_one(tmp_path: Path) -> None:
    make_all(tmp_path)
    private = load_pem_private_key((tmp_path / "token_private_key.pem").read_bytes(), password=None)
    [published] = json.loads((tmp_path / "token_public_keys.json").read_text())["keys"]
    token = jwt.encode({"sub": "x"}, private, algorithm="EdDSA")  # type: ignore[arg-type]
    assert jwt.decode(token, jwt.PyJWK(published), algorithms=["EdDSA"]) == {"sub": "x"}
    assert published["kid"]


def test_the_copy_of_the_code_follows_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout, copy = tmp_path / "checkout", tmp_path / "copy"
    for folder in ("services/intake/intake/__pycache__", "deploy"):
        (checkout / folder).mkdir(parents=True)
    source = checkout / "services/intake/intake/app.py"
    source.write_text("VALUE = 1\n")
    (checkout / "services/intake/intake/old.sql").write_text("SELECT 1\n")
    monkeypatch.setattr(code, "CHECKOUT", checkout)
    assert code.sync(copy) == 2
    assert code.sync(copy) == 0
    source.write_text("VALUE = 22\n")
    (checkout / "services/intake/intake/old.sql").unlink()
    assert code.sync(copy) == 2
    assert (copy / "services/intake/intake/app.py").read_text() == "VALUE = 22\n"
    assert not (copy / "services/intake/intake/old.sql").exists()
    assert stat.S_IMODE((copy / "services/intake/intake").stat().st_mode) == 0o755


def _stack(folder: Path, name: str) -> Path:
    (folder / name).mkdir(exist_ok=True)
    return folder / name
