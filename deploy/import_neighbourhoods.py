"""`make import-neighbourhoods FILE=…`: sends a table of RTs and their heads to a running system.

BASE_URL names the system (else the one that `make run` keeps here), TOKEN_KEY_FILE its private key; `--dry-run` only
looks. Each line's outcome is printed; nothing is taken when one of them is wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from deploy.running_system import System


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
    answer = System().ask(
        "POST", "/v1/neighbourhoods/import", "administrator", given.kelurahan,
        params={"dry_run": "true"} if given.dry_run else {}, data=table, headers={"Content-Type": "text/csv"},
    )  # fmt: skip
    return _report(answer.status_code, answer.json())


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
