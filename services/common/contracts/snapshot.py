"""What each version of each event promised: `snapshot.json`, so that a promise is not broken unnoticed.

    python -m contracts.snapshot            takes in what was added; refuses what breaks a reader or a teller
    python -m contracts.snapshot --check    says whether it is current

Within a version a field may be added that readers can do without. A field that goes, changes its type or becomes
required needs a new version; the old one's promise stays in the file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from marshmallow import Schema, fields

from contracts.catalogue import EVENTS, EventContract

PAGE = Path(__file__).resolve().parent / "snapshot.json"

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


def differences(kept: Snapshot) -> list[str]:
    """What the contracts of today break of what is kept."""
    return [
        f"{event.type} version {event.version}: {said}"
        for event in EVENTS.values()
        for said in broken(kept.get(event.type, {}).get(str(event.version), {}), promise(event.schema()))
        if str(event.version) in kept.get(event.type, {})
    ]


def current(kept: Snapshot) -> Snapshot:
    """What is kept, with the versions of today in it."""
    return {event.type: _versions(event, kept.get(event.type, {})) for event in EVENTS.values()}


def _versions(event: EventContract, kept: dict[str, Promise]) -> dict[str, Promise]:
    return kept | {str(event.version): promise(event.schema())}


def read() -> Snapshot:
    """The snapshot as it is kept."""
    kept: Snapshot = json.loads(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    return kept


def written(snapshot: Snapshot) -> str:
    """A snapshot as the file has it."""
    return json.dumps(snapshot, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the snapshot, or with `--check` only compares."""
    kept = read()
    if found := differences(kept):
        sys.stdout.write("\n".join([*found, "Keep the field, or make it a new version of the event.\n"]))
        return 1
    if "--check" in arguments:
        same = kept == current(kept)
        sys.stdout.write("current\n" if same else "not current: run python -m contracts.snapshot\n")
        return 0 if same else 1
    PAGE.write_text(written(current(kept)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
