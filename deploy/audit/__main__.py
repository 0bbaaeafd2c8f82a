"""Looks for known vulnerabilities among the locked packages: `make audit`, part of `make sure`.

Exit 0: none that is not accepted, or the registry could not be asked (said loudly). Exit 1: there is one.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from deploy.audit.registry import Known, Release, Vulnerability, ask, locked, registry_url
from deploy.audit.reviewed import FILE, Accepted, accepted, idle, unaccepted
from deploy.local.places import CHECKOUT, base_folder

LOCKS = ("requirements-dev.lock", "services/*/requirements.lock")


def main() -> int:
    """Ask, compare with what was reviewed, tell."""
    releases = locked(file for pattern in LOCKS for file in CHECKOUT.glob(pattern))
    uv = Path(base_folder()) / "tools" / "bin" / "uv"
    text, status = report(ask(registry_url(uv), releases), releases, accepted(), datetime.now(UTC).date())
    sys.stdout.write(text)
    return status


def report(known: Known, releases: list[Release], entries: list[Accepted], today: date) -> tuple[str, int]:
    """What to say, and the exit status."""
    open_ones, checked = unaccepted(known.found, entries, today), len(releases) - len(known.silent)
    lines = [_about(one) for one in open_ones]
    lines += _silence(known.silent)
    lines += [
        f"{FILE.name}: {one.id} of {one.package} covers nothing any more; remove it" for one in _stale(known, entries)
    ]
    lines.append(
        f"audit: {checked} of {len(releases)} locked packages checked, {len(known.found)} known vulnerabilities, "
        f"{len(open_ones)} of them not accepted"
    )
    return "\n".join(lines) + "\n", 1 if open_ones else 0


def _stale(known: Known, entries: list[Accepted]) -> list[Accepted]:
    """Only where the registry told everything: a package that it kept silent about may still need its entry."""
    return [] if known.silent else idle(known.found, entries)


def _about(one: Vulnerability) -> str:
    fixed = f"mended in {', '.join(one.fixed_in)}: `make lock`" if one.fixed_in else "not mended yet"
    return (
        f"VULNERABLE {one.release.name} {one.release.version}: {', '.join(sorted(one.names))}: {one.summary} ({fixed})"
    )


def _silence(silent: dict[Release, str]) -> list[str]:
    if not silent:
        return []
    reasons: dict[str, list[str]] = {}
    for release, reason in silent.items():
        reasons.setdefault(reason if "only" not in reason else "the registry tells of another release only", []).append(
            f"{release.name} {release.version}"
        )
    told = [f"  {reason}: {', '.join(names)}" for reason, names in reasons.items()]
    return [
        "*** NOT AUDITED: of these packages nothing is known here. Run `make audit` where the registry tells more:",
        *told,
    ]


if __name__ == "__main__":
    sys.exit(main())
