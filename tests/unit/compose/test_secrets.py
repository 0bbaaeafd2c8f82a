"""Who gets which secret, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.compose import secrets
from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, SERVICES, make_all, public_keys


def test_secrets_are_made_once_and_given_ones_come_first(tmp_path: Path) -> None:
    first = secrets.collect({}, False, tmp_path)
    again = secrets.collect({"rabbitmq_password": "x" * 20}, False, tmp_path)
    assert again == first | {"rabbitmq_password": "x" * 20}


def test_production_names_each_missing_secret_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(secrets.Refused) as refused:
        secrets.collect({"event_keys": "k1:x"}, True, tmp_path)
    said = str(refused.value)
    assert "intake_data_keys (or the variable INTAKE_DATA_KEYS)" in said
    assert "event_keys" not in said
    assert not list(tmp_path.iterdir())


def test_production_takes_a_folder_made_by_the_operator(tmp_path: Path) -> None:
    make_all(tmp_path)
    handed_in = secrets.given({}, tmp_path)
    assert secrets.collect(handed_in, True, tmp_path / "unused") == handed_in
    assert not secrets.weak(handed_in)


def test_an_office_may_do_without_whatsapp_and_a_made_up_account_is_the_simulator_s(tmp_path: Path) -> None:
    make_all(tmp_path)
    needed = {name: (tmp_path / name).read_text().strip() for name in secrets.names()}
    without = secrets.readers(secrets.collect(needed, True, tmp_path / "unused"))
    assert without["notify"].files["WHATSAPP_TOKEN"] == ""
    of_meta = secrets.readers(secrets.collect(needed | {"whatsapp_token": "of-meta"}, True, tmp_path / "unused"))
    assert of_meta["notify"].files["WHATSAPP_TOKEN"] == "of-meta"
    made = secrets.readers(secrets.collect({}, False, tmp_path))
    for name, value in made["whatsapp"].files.items():
        assert value and made["notify"].files[name] == value


def test_a_variable_comes_before_a_file(tmp_path: Path) -> None:
    (tmp_path / "event_keys").write_text("k1:file\n")
    (tmp_path / "s3_access_key").write_text("from-the-file\n")
    found = secrets.given({"EVENT_KEYS": "k2:variable", "S3_SECRET_KEY": ""}, tmp_path)
    assert found == {"event_keys": "k2:variable", "s3_access_key": "from-the-file"}


def test_public_keys_follow_a_private_key_that_is_given(tmp_path: Path) -> None:
    make_all(tmp_path / "other")
    given_key = (tmp_path / "other" / PRIVATE_KEY).read_text()
    found = secrets.collect({PRIVATE_KEY: given_key.strip()}, False, tmp_path / "own")
    assert found[PUBLIC_KEYS] == public_keys(given_key)


@pytest.mark.parametrize(("password", "refused"), [("p" * 16, False), ("p" * 15, True), ("slash/" * 4, True)])
def test_passwords_must_bear_standing_in_a_url(tmp_path: Path, password: str, refused: bool) -> None:
    found = secrets.collect({"rabbitmq_password": password}, False, tmp_path)
    assert secrets.weak(found) == (["rabbitmq_password"] if refused else [])


def test_no_reader_gets_what_is_another_s(tmp_path: Path) -> None:
    readers = secrets.readers(secrets.collect({}, False, tmp_path))
    assert [name for name, reader in readers.items() if "TOKEN_PRIVATE_KEY" in reader.files] == ["intake"]
    for service in SERVICES:
        assert f"{service}_runtime:" in readers[service].files["DATABASE_URL"]
        assert "DATABASE_OWNER_URL" not in readers[service].files
        assert list(readers[f"{service}-owner"].files) == ["DATABASE_OWNER_URL"]
    keys = {name: reader.files["S3_ACCESS_KEY"] for name, reader in readers.items() if "S3_ACCESS_KEY" in reader.files}
    assert set(keys) == {"store", "setup", "intake", "documents", "notify"} and keys["store"] == keys["setup"]
    assert len({*keys.values()}) == 4, "the administrator and each service have their own"
    at_rest = [readers[service].files["DATA_KEYS"] for service in SERVICES]
    assert len(set(at_rest)) == len(SERVICES)
