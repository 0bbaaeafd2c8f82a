"""Hands every container its own secrets: `python -m deploy.compose.secrets`.

A secret comes from the environment (POSTGRES_PASSWORD for `postgres_password`), else from a file of that
name in /given, the folder that SECRETS_DIR names, else it is made once and kept in /secrets, which
ENVIRONMENT=production refuses. Each reader gets a volume of its own below /handed, for its user only.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, SERVICES, WHATSAPP, WITH_FILES, make_all, public_keys

MADE, GIVEN, HANDED, OWNED = Path("/secrets"), Path("/given"), Path("/handed"), Path("/owned")
APP, GATEWAY, STORE = 10001, 10002, 10003
OFFICIAL = 999  # who PostgreSQL and RabbitMQ are in their public images
# Passwords stand in URLs and in rabbitmq.conf, where other characters would need quoting of two kinds.
PLAIN = re.compile(r"[A-Za-z0-9._~-]{16,}")

Secrets = Mapping[str, str]


class Refused(SystemExit):
    """Nothing was handed out; the message says what to do."""


@dataclass(frozen=True)
class Reader:
    """A container's user and the files that it may read."""

    user: int
    files: dict[str, str]


def names() -> list[str]:
    """Every secret of an installation; the public keys follow from the private one and may be left out."""
    shared = ["postgres_password", "rabbitmq_password", "s3_access_key", "s3_secret_key", "event_keys"]
    own = ("owner_password", "runtime_password", "data_keys")
    store = [f"{service}_{what}" for service in WITH_FILES for what in ("s3_access_key", "s3_secret_key")]
    return [*shared, PRIVATE_KEY, *(f"{service}_{what}" for service in SERVICES for what in own), *store]


def given(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What the operator hands in, by environment variable or by file."""
    found = {}
    for name in [*names(), PUBLIC_KEYS, *WHATSAPP]:
        file = folder / name
        if value := environment.get(variable(name), "").strip():
            found[name] = value
        elif file.is_file():
            found[name] = file.read_text("ascii").strip()
    return found


def variable(name: str) -> str:
    """The environment variable of a secret."""
    return name.partition(".")[0].upper()


def collect(handed_in: Secrets, production: bool, folder: Path) -> dict[str, str]:
    """All secrets: those handed in, and outside production those made in `folder`."""
    if production:
        if missing := [name for name in names() if name not in handed_in]:
            raise Refused(_refusal(missing))
        secrets = dict.fromkeys(WHATSAPP, "") | dict(handed_in)  # an office may do without
    else:
        make_all(folder)
        made = (*names(), *WHATSAPP)
        secrets = {name: (folder / name).read_text("ascii").strip() for name in made} | dict(handed_in)
    secrets.setdefault(PUBLIC_KEYS, public_keys(secrets[PRIVATE_KEY]))
    return secrets


def weak(secrets: Secrets) -> list[str]:
    """Passwords that are too short or could not stand in a URL."""
    return [n for n in names() if n.endswith(("_password", "_key")) and not PLAIN.fullmatch(secrets[n])]


def readers(secrets: Secrets) -> dict[str, Reader]:
    """The volumes below /handed, with the user and the files of each."""
    store = _store_keys("", secrets)
    roles = {n: secrets[n] for n in names() if n.endswith(("_owner_password", "_runtime_password"))}
    users = {n: secrets[n] for n in names() if n.endswith(("_s3_access_key", "_s3_secret_key"))}
    broker = f"default_user = pengantar\ndefault_pass = {secrets['rabbitmq_password']}\n"
    found = {
        "postgres": Reader(OFFICIAL, {"POSTGRES_PASSWORD": secrets["postgres_password"]}),
        "rabbitmq": Reader(OFFICIAL, {"rabbitmq.conf": broker}),
        "store": Reader(STORE, store),
        "whatsapp": Reader(APP, _of_whatsapp(secrets)),
        "setup": Reader(APP, {"postgres_password": secrets["postgres_password"], **store, **roles, **users}),
    }
    for service in SERVICES:
        own_store = _store_keys(f"{service}_", secrets) if service in WITH_FILES else {}
        found[service] = Reader(APP, _of_service(service, secrets) | own_store)
        owner_url = _database_url(service, "owner", secrets)
        found[f"{service}-owner"] = Reader(APP, {"DATABASE_OWNER_URL": owner_url})
    return found


def _store_keys(user: str, secrets: Secrets) -> dict[str, str]:
    """Of the store's administrator, or of a service: each knows its own alone."""
    return {"S3_ACCESS_KEY": secrets[f"{user}s3_access_key"], "S3_SECRET_KEY": secrets[f"{user}s3_secret_key"]}


def _of_whatsapp(secrets: Secrets) -> dict[str, str]:
    return {variable(name): secrets[name] for name in WHATSAPP}


def _of_service(service: str, secrets: Secrets) -> dict[str, str]:
    files = {
        "DATABASE_URL": _database_url(service, "runtime", secrets),
        "AMQP_URL": f"amqp://pengantar:{secrets['rabbitmq_password']}@rabbitmq:5672/%2F",
        "EVENT_KEYS": secrets["event_keys"],
        "DATA_KEYS": secrets[f"{service}_data_keys"],
        "TOKEN_PUBLIC_KEYS": secrets[PUBLIC_KEYS],
    }
    more = {"intake": {"TOKEN_PRIVATE_KEY": secrets[PRIVATE_KEY]}, "notify": _of_whatsapp(secrets)}
    return files | more.get(service, {})


def _database_url(service: str, role: str, secrets: Secrets) -> str:
    return f"postgresql://{service}_{role}:{secrets[f'{service}_{role}_password']}@postgres:5432/{service}"


def hand_out(found: Mapping[str, Reader], folder: Path) -> None:
    """Write each reader's files, whole and for its user only."""
    for name, reader in found.items():
        place = folder / name
        own(place, reader.user, 0o500)
        for file, text in reader.files.items():
            draft = place / f".{file}"
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with open(descriptor, "w", encoding="ascii") as out:
                out.write(text)
            own(draft, reader.user, 0o400)
            draft.replace(place / file)


def own(path: Path, user: int, mode: int) -> None:
    """Give `path` to a user and its group."""
    os.chown(path, user, user)
    path.chmod(mode)


def _refusal(missing: Iterable[str]) -> str:
    return (
        "ENVIRONMENT=production refuses secrets that a container made up, and these were not given:\n"
        + "".join(f"  - {name} (or the variable {variable(name)})\n" for name in missing)
        + "Make them with `python -m deploy.setup.secrets FOLDER`, keep a copy away from this machine, "
        "and name the folder in .env: SECRETS_DIR=FOLDER"
    )


def main() -> int:
    """Hand out the secrets, and give the gateway and the object store the volumes they write to."""
    handed_in = given(os.environ, GIVEN)
    secrets = collect(handed_in, os.environ.get("ENVIRONMENT") == "production", MADE)
    if bad := weak(secrets):
        raise Refused(f"At least 16 letters, digits or . _ ~ - are needed in: {', '.join(bad)}")
    hand_out(readers(secrets), HANDED)
    for name, user in (("store-data", STORE), ("gateway-data", GATEWAY), ("gateway-config", GATEWAY)):
        own(OWNED / name, user, 0o700)
    sys.stdout.write(f"{len(handed_in)} secrets were given, {len(secrets) - len(handed_in)} are our own\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
