"""What each version of each event promised: `snapshot.json`, so that a promise is not broken unnoticed.

    python -m contracts.snapshot            takes in what was added; refuses what breaks a reader or a teller
    python -m contracts.snapshot --check    says whether it is current

It keeps two lists: the events between the services (`snapshot.json`), and those that other systems are told
(`public.json`), whose readers may also count on what was required.

Within a version a field may be added that readers can do without. A field that goes, changes its type or becomes
required needs a new version; the old one's promise stays in the file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from marshmallow import Schema, fields

from contracts.catalogue import EVENTS, EventSchema
from contracts.feed import PUBLIC

PAGE = Path(__file__).resolve().parent / "snapshot.json"
PUBLIC_PAGE = PAGE.with_name("public.json")


class Promised(Protocol):
    """A version of an event."""

    @property
    def type(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def schema(self) -> EventSchema: ...


Promise = dict[str, str]
"""Path of a field (`files[].sha256`) to its type, with `, required` where it is."""
Snapshot = dict[str, dict[str, Promise]]


def promise(schema: Schema, before: str = "") -> Promise:
    """What a schema says of each field, those of nested shapes included."""
    return dict(_promises(schema, before))


def _promises(schema: Schema, before: str) -> Iterator[tuple[str, str]]:
    for name, field in schema.fields.items():
        path = f"{before}{name}"
        inner = field.inner if isinstance(field, fields.List) else field
        kind = type(inner).__name__ + ("[]" if inner is not field else "")
        yield path, f"{kind}, required" if field.required else kind
        if isinstance(inner, fields.Nested):
            yield from _promises(inner.schema, f"{path}[]." if inner is not field else f"{path}.")


def broken(old: Promise, new: Promise) -> list[str]:
    """What the new promise breaks of the old one, each as a sentence."""
    found = [f"{path} is gone" for path in old if path not in new]
    for path, now in new.items():
        before = old.get(path)
        if before is None and now.endswith(", required"):
            found += [] if _within_new(path, old) else [f"{path} is new and required"]
        elif before is not None and now != before and now != before.removesuffix(", required"):
            found.append(f"{path} was {before!r} and is {now!r}")
    return found


def _within_new(path: str, old: Promise) -> bool:
    """Whether a field is part of a shape that is itself new: whoever leaves that out leaves this out."""
    parent = path.rpartition(".")[0].removesuffix("[]")
    return bool(parent) and (parent not in old or _within_new(parent, old))


def loosened(old: Promise, new: Promise) -> list[str]:
    """What was always there and need not be any more, each as a sentence."""
    return [f"{path} was required" for path, now in new.items() if old.get(path) == f"{now}, required"]


def differences(kept: Snapshot, events: Iterable[Promised] = tuple(EVENTS.values())) -> list[str]:
    """What the contracts of today break of what is kept, and events that are gone."""
    now = {event.type: event for event in events}
    found = [f"{name} is gone" for name in kept if name not in now]
    for name, event in now.items():
        old = kept.get(name, {}).get(str(event.version))
        if old is not None:
            new = promise(event.schema())
            said = broken(old, new) + (loosened(old, new) if name in PUBLIC and event is PUBLIC[name] else [])
            found += [f"{name} version {event.version}: {sentence}" for sentence in said]
    return found


def current(kept: Snapshot, events: Iterable[Promised] = tuple(EVENTS.values())) -> Snapshot:
    """What is kept, with the versions of today in it."""
    return {event.type: _versions(event, kept.get(event.type, {})) for event in events}


def _versions(event: Promised, kept: dict[str, Promise]) -> dict[str, Promise]:
    return kept | {str(event.version): promise(event.schema())}


def read(page: Path = PAGE) -> Snapshot:
    """The snapshot as it is kept."""
    kept: Snapshot = json.loads(page.read_text("utf-8")) if page.exists() else {}
    return kept


def written(snapshot: Snapshot) -> str:
    """A snapshot as the file has it."""
    return json.dumps(snapshot, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the snapshots, or with `--check` only compares."""
    lists: dict[Path, tuple[Promised, ...]] = {PAGE: tuple(EVENTS.values()), PUBLIC_PAGE: tuple(PUBLIC.values())}
    if found := [said for page, events in lists.items() for said in differences(read(page), events)]:
        sys.stdout.write("\n".join([*found, "Keep it, or make it a new version of the event.\n"]))
        return 1
    if "--check" in arguments:
        same = all(read(page) == current(read(page), events) for page, events in lists.items())
        sys.stdout.write("current\n" if same else "not current: run python -m contracts.snapshot\n")
        return 0 if same else 1
    for page, events in lists.items():
        page.write_text(written(current(read(page), events)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
