"""`make offices`: sends the offices of a city to a running system, those of Palembang where no FILE is named.

BASE_URL names the system (else the one that `make run` keeps here), TOKEN_KEY_FILE its private key; `--dry-run` only
looks. An office that is there gets its name, kecamatan and postal code from the file and keeps all else; a new one
begins with the shipped hours and services. Sending the file again changes nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.running_system import System

PALEMBANG = Path(__file__).parent / "palembang.csv"
COLUMNS = ("code", "name", "kecamatan", "postal_code")
AT_ONCE = 25
"""Offices in one request, so that one sees how far it has come."""


def main(arguments: list[str]) -> int:
    """0 when all were taken, 1 when not."""
    parser = argparse.ArgumentParser(prog="make offices", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=PALEMBANG)
    parser.add_argument("--kota", default="Palembang")
    parser.add_argument("--province", default="Sumatera Selatan")
    parser.add_argument("--zone", default="Asia/Jakarta")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    try:
        offices = read(given.file, kota=given.kota, province=given.province, zone=given.zone)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{given.file} cannot be read: {error}") from error
    return send(System(), offices, dry_run=given.dry_run)


def read(file: Path, **of_all: str) -> list[dict[str, Any]]:
    """The offices of a file, as `PUT /v1/masterdata` takes them. Raises OSError, ValueError, which names the line."""
    offices = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            if gone := [name for name in COLUMNS if not row.get(name)]:
                raise ValueError(f"line {reader.line_num}: {', '.join(gone)} missing")
            address = {"postal_code": row["postal_code"]}
            offices.append({name: row[name] for name in COLUMNS[:3]} | of_all | {"address": address})
    if not offices:
        raise ValueError("no office is in it")
    if len({_city(office) for office in offices}) > 1:
        raise ValueError("the offices are of several cities: make a file of each")
    return offices


def send(system: System, offices: Sequence[dict[str, Any]], *, dry_run: bool) -> int:
    """Part by part, with what became of them; the exit code."""
    began, counts, done = time.monotonic(), Counter[str](), 0
    for part in _parts(offices):
        query = {"dry_run": "true"} if dry_run else {}
        where = ("PUT", "/v1/masterdata", "masterdata.write", _city(part[0]))
        answer = system.ask(*where, params=query, json={"offices": part})
        if answer.status_code != 200:
            return _refused(answer.json())
        report = answer.json()
        counts.update(report["counts"])
        done += len(part)
        for item in report["items"]:
            for field, said in item["errors"].items():
                print(f"{item['code']}: {field}: {' '.join(said)}")
        print(f"{done} of {len(offices)} offices", flush=True)
    told = ", ".join(f"{count} {result}" for result, count in counts.items() if count)
    print(f"{told}; {time.monotonic() - began:.1f} s" + ("; nothing was written" if dry_run else ""))
    return 1 if counts["wrong"] else 0


def _refused(body: dict[str, Any]) -> int:
    print(f"{body.get('title', 'not taken')}: {body.get('detail', '')} {body.get('errors', '')}", file=sys.stderr)
    return 1


def _parts(offices: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (offices[start : start + AT_ONCE] for start in range(0, len(offices), AT_ONCE))


def _city(office: dict[str, Any]) -> str:
    return ".".join(str(office["code"]).split(".")[:2])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
