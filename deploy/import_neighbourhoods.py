"""`make import-neighbourhoods FILE=…`: sends a table of RTs and their heads to a running system.

BASE_URL names the system (else the one that `make run` keeps here), TOKEN_KEY_FILE its private key; `--dry-run` only
looks. Each line's outcome is printed; nothing is taken when one of them is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import requests

from deploy.token import find_key, token_for

PORTS = Path(".local") / "run" / "ports.json"


def main(arguments: list[str]) -> int:
    """0 when the table was taken, 1 when not."""
    parser = argparse.ArgumentParser(prog="make import-neighbourhoods", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kelurahan", default="16.71.10.1001")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    try:
        table = given.file.read_bytes()
    except OSError as error:
        raise SystemExit(f"{given.file} cannot be read: {error.strerror}") from error
    token = token_for(find_key().read_text("ascii"), "administrator", kelurahan=given.kelurahan)
    base_url = _base_url()
    try:
        answer = requests.post(
            f"{base_url}/v1/neighbourhoods/import",
            params={"dry_run": "true"} if given.dry_run else {},
            data=table,
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "text/csv",
                "Idempotency-Key": str(uuid.uuid4()),
            },
            timeout=120,
        )
        return _report(answer.status_code, answer.json())
    except requests.RequestException as error:  # no answer, or none of ours
        raise SystemExit(f"{base_url} does not answer. Does it run? It is safe to send the table again.") from error


def _base_url() -> str:
    if named := os.environ.get("BASE_URL"):
        return named.rstrip("/")
    if PORTS.exists():
        return f"http://127.0.0.1:{json.loads(PORTS.read_text('utf-8'))['gateway']}"
    raise SystemExit("Nothing runs here. Start `make run`, or name a system: BASE_URL=… TOKEN_KEY_FILE=…")


def _report(status: int, body: dict[str, Any]) -> int:
    for line in body.get("items", []):
        print(f"line {line['line']}: {line['result']}")
    for number, wrong in body.get("errors", {}).get("lines", {}).items():
        for field, said in wrong.items() if isinstance(wrong, dict) else [("", wrong)]:
            print(f"line {number}: {field} {' '.join(said)}")
    if status == 200:
        print("nothing was written: this was a dry run" if body.get("dry_run") else "done")
        return 0
    print(f"{body.get('title', 'not taken')}: {body.get('detail', '')}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
