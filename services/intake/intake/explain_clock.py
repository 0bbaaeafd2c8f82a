"""`explain-clock`: why a case is due when it is, from a shipped office's calendar, without a running stack.

    python -m intake explain-clock --office 16.71.10.1001 --submitted 2026-08-14T16:30+07:00 \\
        [--pause 2026-08-18T10:00+07:00/2026-08-20T09:00+07:00]… [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_date

from contracts.calendar import DayReason, OfficeCalendar
from intake.domain.deadlines import ClockDay, ClockError, Deadlines, Pause, compute_deadlines
from intake.offices import shipped_office, shipped_offices

# RFC 3339, only that seconds may be left out: people type these.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_REASONS = {
    DayReason.WORKING_DAY: "hari kerja, berkas di kelurahan",
    DayReason.WEEKEND: "akhir pekan",
    DayReason.NO_HOURS: "tidak ada jam kerja",
    DayReason.CLOSURE: "kantor tutup",
    DayReason.HOLIDAY: "hari libur",
    DayReason.CUTI_BERSAMA: "cuti bersama",
    DayReason.AFTER_CUT_OFF: "diajukan setelah batas jam penerimaan",
    DayReason.RETURNED: "berkas dikembalikan ke pemohon",
}
_STEPS = ("terima", "verifikasi", "terbitkan")
_CLOCK_ERRORS = {
    "year-out-of-range": "the year is out of range",
    "returned-before-submitted": "a pause begins before the submission",
    "resubmitted-before-returned": "a pause ends before it begins",
}


def main(argv: Sequence[str]) -> int:
    """Explain one case. 0 when it could; 2, with a sentence on stderr, when the arguments make no case."""
    arguments = _parser().parse_args(argv)
    office = shipped_office(arguments.office)
    calendar = OfficeCalendar.from_data(office["zone"], office["calendar"])
    try:
        result = compute_deadlines(calendar, arguments.submitted, arguments.pause)
    except ClockError as error:
        sys.stderr.write(f"explain-clock: {_CLOCK_ERRORS.get(error.code, error.code)}\n")
        return 2
    _warn(calendar, result)
    sys.stdout.write(as_json(result) if arguments.json else as_table(result))
    return 0


def as_json(result: Deadlines) -> str:
    """Deadlines in the office's offset, null where not yet knowable, and every day with its reason."""
    document = {
        "deadlines": [at.isoformat() if at else None for at in result.deadlines],
        "days": [
            {"date": day.date.isoformat(), "counted": day.counted, "step": day.step, "reason": _code(day)}
            for day in result.days
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_table(result: Deadlines) -> str:
    """The same for people: a line per day, then a line per deadline."""
    lines = [_row("Tanggal", "Hari", "Dihitung", "Langkah", "Alasan")]
    lines += [
        _row(
            day.date.isoformat(),
            format_date(day.date, "EEEE", locale="id"),
            "ya" if day.counted else "-",
            str(day.step or "-"),
            _REASONS[day.reason] + (f": {day.name}" if day.name else ""),
        )
        for day in result.days
    ]
    lines.append("")
    for number, (step, at) in enumerate(zip(_STEPS, result.deadlines, strict=True), start=1):
        due = at.isoformat(timespec="minutes") if at else "belum dapat diketahui"
        lines.append(f"Batas langkah {number} ({step}): {due}")
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m intake explain-clock",
        description="Show which days of a case count, why, and when each step is due.",
    )
    parser.add_argument("--office", required=True, choices=shipped_offices(), help="code of the office")
    parser.add_argument("--submitted", required=True, type=_instant, help="when it was submitted, RFC 3339")
    parser.add_argument(
        "--pause",
        action="append",
        default=[],
        type=_pause,
        metavar="FROM/TO",
        help="returned at FROM, resubmitted at TO; TO may be empty; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _instant(text: str) -> datetime:
    if not _RFC_3339.fullmatch(text):
        raise argparse.ArgumentTypeError(f"not an RFC 3339 time with offset: {text!r}")
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}: {text!r}") from error


def _pause(text: str) -> Pause:
    returned, slash, resubmitted = text.partition("/")
    if not slash:
        raise argparse.ArgumentTypeError(f"not FROM/TO: {text!r}")
    return Pause(_instant(returned), _instant(resubmitted) if resubmitted else None)


def _code(day: ClockDay) -> str:
    return f"{day.reason}: {day.name}" if day.name else str(day.reason)


def _row(*cells: str) -> str:
    return "{:<11} {:<7} {:<9} {:<8} {}".format(*cells)


def _warn(calendar: OfficeCalendar, result: Deadlines) -> None:
    for year in sorted({day.date.year for day in result.days}):
        if not calendar.knows_cuti_bersama(year):
            sys.stderr.write(f"Cuti bersama {year} belum diketahui; tanggal dapat bergeser.\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
