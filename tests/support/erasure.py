"""Asking a service to erase a case, and looking for what is left of people anywhere in its tables."""

from __future__ import annotations

from typing import Any

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


def ask(service: InProcess, case: Any, introduction: Any = None, why: str = "person") -> None:
    """As intake asks; the job is done by `work`."""
    data = {
        "application_id": str(case), "introduction_id": introduction and str(introduction),
        "kelurahan": BUKIT_SANGKAL, "why": why, "requested_at": service.clock.now().isoformat(), "stays": ["letters"],
    }  # fmt: skip
    service.feed("erasure.requested", data, subject=f"erasure:{case}")


def answers(service: InProcess, case: Any) -> list[dict[str, int]]:
    """The counts of its answers, oldest first."""
    return [
        row["data"]["counts"] for row in service.told("erasure.done") if str(row["data"]["application_id"]) == str(case)
    ]


def people_with(service: InProcess, *words: str) -> int:
    """How many rows of `people` have one of these words in them, opened."""
    found = 0
    for row in service.rows("SELECT id, sealed FROM people"):
        opened = str(service.deps.data_keys.open(row["sealed"], f"person:{row['id']}"))
        found += any(word in opened for word in words)
    return found


def rows_of(service: InProcess, case: Any) -> dict[str, int]:
    """How many rows name the case, by table; the mark that it is erased does not count."""
    tables = service.rows(
        "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'application_id'"
        " AND table_schema = 'public' AND table_name NOT LIKE 'eras%'"
    )
    counts = {
        row["name"]: service.rows(f"SELECT count(*) AS n FROM {row['name']} WHERE application_id = %s", [str(case)])[0][
            "n"
        ]
        for row in tables
    }
    counts["application"] = service.rows("SELECT count(*) AS n FROM application WHERE id = %s", [str(case)])[0]["n"]
    return {name: number for name, number in counts.items() if number}
