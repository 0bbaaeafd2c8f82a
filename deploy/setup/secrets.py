"""Makes every secret of an installation once, one file each: `python -m deploy.setup.secrets DIR`.

A file that is there already is never touched, so running this again only adds what is missing.
Keys are made on the machine that uses them and never leave the folder.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import secrets as random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SERVICES = ("intake", "verification", "documents", "notify")
WHATSAPP = ("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
WITH_FILES = ("intake", "documents", "notify")

PRIVATE_KEY = "token_private_key.pem"
PUBLIC_KEYS = "token_public_keys.json"


def make_all(folder: Path) -> list[Path]:
    """Make what is missing in `folder` and return the files that were made."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    made = [folder / name for name, make in _recipes() if write_once(folder / name, make)]
    private_key = (folder / PRIVATE_KEY).read_text("ascii")
    if write_once(folder / PUBLIC_KEYS, lambda: public_keys(private_key)):
        made.append(folder / PUBLIC_KEYS)
    return made


def write_once(path: Path, make: Callable[[], str]) -> bool:
    """Write `path` completely or not at all, and never over a file that is there."""
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.{random.token_hex(6)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="ascii") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike rename, a link fails where another run was quicker
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def password() -> str:
    """A password that needs no quoting in a URL or a configuration file."""
    return random.token_urlsafe(32)


def keyring() -> str:
    """A keyring with one key: `k1:<32 random bytes>`; more are put in front when keys are changed."""
    return "k1:" + base64.urlsafe_b64encode(random.token_bytes(32)).decode("ascii")


def private_key() -> str:
    """A new Ed25519 key that signs access tokens."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode("ascii")
    )


def public_keys(private_pem: str) -> str:
    """The JWKS that checks tokens signed with this key; the key's id is its RFC 7638 thumbprint."""
    key = serialization.load_pem_private_key(private_pem.encode("ascii"), password=None)
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode("ascii")
    kid = _base64url(hashlib.sha256(canonical).digest())
    return json.dumps({"keys": [required | {"kid": kid, "use": "sig", "alg": "EdDSA"}]}, indent=2) + "\n"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _recipes() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "postgres_password", password
    for service in SERVICES:
        yield f"{service}_owner_password", password
        yield f"{service}_runtime_password", password
        yield f"{service}_data_keys", keyring
    yield "rabbitmq_password", password
    for user in ("", *(f"{service}_" for service in WITH_FILES)):  # the store's administrator, and who has a bucket
        yield f"{user}s3_access_key", lambda: random.token_hex(10)
        yield f"{user}s3_secret_key", password
    yield "event_keys", keyring
    for name in WHATSAPP:  # for the simulator; who has an account at Meta puts its own there
        yield name, password
    yield PRIVATE_KEY, private_key


def main() -> int:
    """Make the secrets, then hand the files to those who read them."""
    parser = argparse.ArgumentParser(prog="python -m deploy.setup.secrets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mode", type=lambda text: int(text, 8), help="mode of the new files, such as 0440")
    parser.add_argument("--owner", type=int, default=-1, help="user id that owns the new files")
    parser.add_argument("--group", type=int, default=-1, help="group id of the new files")
    given = parser.parse_args()
    made = make_all(given.folder)
    for path in made:
        if given.mode is not None:
            path.chmod(given.mode)
        os.chown(path, given.owner, given.group)
    sys.stdout.write(f"{len(made)} secrets made in {given.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
