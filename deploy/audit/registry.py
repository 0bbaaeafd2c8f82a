"""What the package registry knows of a locked release: its JSON metadata lists the vulnerabilities that were published.

The registry is the one that packages are installed from. It is asked for the release; where it keeps metadata of the
newest release only, that stands for ours when ours is the newest, and otherwise nothing is known.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

PATIENCE = (5, 10)
AT_ONCE = 16
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A package as it is locked."""

    name: str
    version: str


@dataclass(frozen=True)
class Vulnerability:
    """One that was published; `names` are its id and its other names."""

    release: Release
    names: frozenset[str]
    summary: str
    fixed_in: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What the registry told: `silent` are releases of which it knows nothing, for the reason beside each."""

    found: list[Vulnerability]
    silent: dict[Release, str]


def locked(files: Iterable[Path]) -> list[Release]:
    """Every release of these locks, each once."""
    pairs = {pair for file in files for pair in _PINNED.findall(file.read_text("utf-8"))}
    return [Release(*pair) for pair in sorted(pairs)]


def registry_url(uv: Path) -> str:
    """Where packages come from, as uv is set up on this machine."""
    command = [str(uv), "pip", "compile", "-", "--emit-index-url", "--no-header", "--quiet"]
    told: str = subprocess.run(command, input="", capture_output=True, text=True, check=True, timeout=60).stdout
    return told.split()[1].rstrip("/").removesuffix("/simple")


def ask(url: str, releases: list[Release]) -> Known:
    """All of them, many at once. A registry that does not answer is one that knows nothing."""
    found: list[Vulnerability] = []
    silent: dict[Release, str] = {}
    with requests.Session() as session, ThreadPoolExecutor(AT_ONCE) as pool:
        session.headers["Accept"] = "application/json"
        for release, told in zip(releases, pool.map(lambda one: _told(session, url, one), releases), strict=True):
            if isinstance(told, str):
                silent[release] = told
            else:
                found += told
    return Known(found, silent)


def _told(session: requests.Session, url: str, release: Release) -> list[Vulnerability] | str:
    """The release's vulnerabilities, or why nothing is known."""
    try:
        answer = session.get(f"{url}/pypi/{release.name}/{release.version}/json", timeout=PATIENCE)
        if answer.status_code == 404:
            answer = session.get(f"{url}/pypi/{release.name}/json", timeout=PATIENCE)
        if answer.status_code != 200:
            return f"the registry answered {answer.status_code}"
        told = answer.json()
        if told["info"]["version"] != release.version:
            return f"the registry tells of {told['info']['version']} only"
        return [_vulnerability(release, one) for one in told["vulnerabilities"] if not one.get("withdrawn")]
    except requests.RequestException:
        return "the registry was not reached"
    except (ValueError, KeyError, TypeError):
        return "the registry's answer is not what it documents"


def _vulnerability(release: Release, told: dict[str, Any]) -> Vulnerability:
    names = frozenset({told["id"], *(told.get("aliases") or ())})
    summary = str(told.get("summary") or told.get("details") or "").strip().splitlines()
    return Vulnerability(release, names, (summary or [""])[0][:200], tuple(told.get("fixed_in") or ()))
