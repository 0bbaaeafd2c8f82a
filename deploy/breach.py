"""`make breach ARGS='--caller S --from T --to T'`: whose data a caller, session, token or period touched.

For the notice to the people and the agency within 3 × 24 hours (UU 27/2022, article 46). It prints ids, not names: who
the people are is looked up by their cases, by those who have to tell them. CSV; `--json FILE` has all of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from deploy.local.process import PartError
from deploy.services import Run, runner
from deploy.setup.secrets import SERVICES

COLUMNS = (
    "case_id", "tracking_code", "office", "person_id", "owner", "resident", "helper", "kinds", "did", "services",
    "callers", "times", "first", "last",
)  # fmt: skip
_AT_ONCE = 200

Line = dict[str, Any]


class NotAnswered(RuntimeError):
    """A service's command failed: what it would have said is missing, so that there is no list."""


def main(arguments: list[str]) -> int:
    """0, also when nobody's data were touched; 1 when a service did not answer."""
    parser = argparse.ArgumentParser(
        prog="make breach", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, said in (
        ("caller", "an account, as the audit has it"), ("session", "a session's id"), ("token", "a token's `jti`"),
        ("office", "only rows of this office"), ("from", "from this moment on: 2026-08-14T08:00:00+07:00"),
        ("to", "before this moment"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", help=said)
    parser.add_argument("--compose", action="store_true", help="in the containers of this folder's compose.yaml")
    parser.add_argument("--stack", default="run", help="the local stack")
    parser.add_argument("--json", type=Path, help="also write all of it to this file")
    given = vars(parser.parse_args(arguments))
    asked = [part for name in ("caller", "session", "token", "office", "from", "to") if given[name]
             for part in (f"--{name}", given[name])]  # fmt: skip
    if not any(given[name] for name in ("caller", "session", "token", "from")):
        parser.error("name a caller, a session, a token or a beginning (--from)")
    run = runner(compose=given["compose"], stack=given["stack"])
    try:
        lines = [line for service in SERVICES for line in _lines(run, service, ["touched", *asked])]
        cases = sorted({line["case_id"] for line in lines if _is_case(line["case_id"])})
        whose = {line["case_id"]: line for part in _parts(cases) for line in _lines(run, "intake", ["touched", *part])}
    except (NotAnswered, PartError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    found = merged(lines, whose)
    if given["json"]:
        given["json"].write_text(json.dumps({"asked": asked, "touched": found}, indent=1) + "\n", "utf-8")
    write_table(found, sys.stdout)
    sys.stderr.write(f"{sum(bool(one['tracking_code']) for one in found)} cases, {len(found)} lines\n")
    return 0


def merged(lines: Iterable[Line], whose: dict[str, Line]) -> list[Line]:
    """One entry for each case (or other thing that was touched), with whose it is, the most touched first."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        named = line["case_id"] or f"{line['kind']}:{line['object'] or 'all'}"
        one = found.setdefault((line["tenant"], named), {"case_id": named, "office": line["tenant"], "times": 0})
        for name, value in (("kinds", "kind"), ("did", "did"), ("services", "service"), ("callers", "caller")):
            one[name] = sorted({*one.get(name, []), line[value]})
        one["times"] += line["times"]
        one["first"] = min(one.get("first", line["first"]), line["first"])
        one["last"] = max(one.get("last", line["last"]), line["last"])
    known = ("tracking_code", "person_id", "owner", "resident", "helper")
    for one in found.values():
        one |= {name: whose.get(one["case_id"], {}).get(name) for name in known}
    return sorted(found.values(), key=lambda one: (-one["times"], one["case_id"]))


def write_table(found: Iterable[Line], to: Any) -> None:
    """The list as CSV; several values in a field are separated by blanks."""
    table = csv.DictWriter(to, COLUMNS, extrasaction="ignore")
    table.writeheader()
    for one in found:
        table.writerow({name: " ".join(value) if isinstance(value, list) else value for name, value in one.items()})


def _lines(run: Run, service: str, arguments: list[str]) -> Iterator[Line]:
    done = run(service, arguments)
    if done.returncode:
        raise NotAnswered(f"{service} did not answer; without it the list is not whole.\n{done.stderr.strip()}")
    return (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def _parts(cases: list[str]) -> Iterator[list[str]]:
    return (["--whose", *cases[start : start + _AT_ONCE]] for start in range(0, len(cases), _AT_ONCE))


def _is_case(named: str | None) -> bool:
    return bool(named) and ":" not in str(named)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
