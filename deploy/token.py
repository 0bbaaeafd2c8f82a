"""Prints an access token for one role: `python -m deploy.token officer [--key FILE] [--sub …] [--rt 023 --rw 005]`.

The key is TOKEN_KEY_FILE, or that of the local stack that runs. For trying and for operators: whoever holds the
private key can be anybody.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from pathlib import Path

CODE_ROOT = Path(__file__).resolve().parent.parent
ROLES = (
    "applicant", "rt_head", "rw_head", "officer", "signer", "lurah", "administrator", "camat", "city",
    "area_administrator", "reports.read", "events.read", "subscriptions.manage",
)  # fmt: skip


def token_for(
    private_key_pem: str,
    role: str,
    *,
    sub: str | None = None,
    kelurahan: str = "16.71.10.1001",
    rt: str | None = None,
    rw: str | None = None,
    hours: float = 12,
) -> str:
    """A token of `role` in an office, for so many hours; an RT head's names his RT and RW."""
    from kit.auth import make_token

    now = int(time.time())
    claims = {
        "sub": sub or f"{role}:{uuid.uuid4()}",
        "roles": [role],
        "tenant": kelurahan,
        "iat": now,
        "exp": now + int(hours * 3600),
    }
    if role in ("rt_head", "rw_head"):
        claims |= {"rw": rw or "005"} | ({"rt": rt or "023"} if role == "rt_head" else {})
    return make_token(private_key_pem, claims)


def find_key() -> Path:
    """TOKEN_KEY_FILE, else the key of the stack that `make run` or `make demo` made here last."""
    if named := os.environ.get("TOKEN_KEY_FILE"):
        return Path(named)
    local = Path.cwd() / ".local"
    kept = [local / stack / "secrets" / "token_private_key.pem" for stack in ("run", "demo", "test")]
    for key in kept:
        if key.exists():
            return key
    raise SystemExit("No key found. Start `make run` first, or name one: TOKEN_KEY_FILE=… make token ROLE=officer")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.token", description=__doc__)
    parser.add_argument("role", choices=ROLES)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--sub")
    parser.add_argument("--kelurahan", default="16.71.10.1001")
    parser.add_argument("--rt")
    parser.add_argument("--rw")
    parser.add_argument("--hours", type=float, default=12)
    given = parser.parse_args(arguments)
    key = (given.key or find_key()).read_text("ascii")
    sys.stdout.write(
        token_for(
            key, given.role, sub=given.sub, kelurahan=given.kelurahan, rt=given.rt, rw=given.rw, hours=given.hours
        )
        + "\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
