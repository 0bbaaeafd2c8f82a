"""`python -m contracts`: writes docs/events.md from the list of events; `--check` says whether it is current."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from contracts.catalogue import EVENTS, EventContract

PAGE = Path("docs") / "events.md"

_HEAD = """# Events

Made from `services/common/contracts/` by `make events`; do not edit. Each event is a CloudEvents 1.0 envelope in JSON
(`id`, `source`, `type`, `dataversion`, `subject`, `sequence`, `tenant`, `time`, `traceparent`) with the data below.
`sequence` is gap-free per source and subject. A *state* carries the whole state of its subject, and the highest
sequence wins; a *fact* happened and is never dropped. `person` is one sealed block: the examples show it open.
"""


def page() -> str:
    """The whole page."""
    rows = [
        f"| [`{name}`](#{name.replace('.', '')}) | {event.kind} | {', '.join(event.producers)} |"
        f" {', '.join(event.consumers)} |"
        for name, event in EVENTS.items()
    ]
    table = ["| event | kind | from | to |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([_HEAD, *table, "", *(_section(event) for event in EVENTS.values())])


def _section(event: EventContract) -> str:
    fields = [
        f"| `{name}` | {type(field).__name__} | {'yes' if field.required else 'no'} |"
        for name, field in event.schema().fields.items()
    ]
    example = json.dumps(event.example, indent=2, ensure_ascii=False)
    about = " ".join((event.schema.__doc__ or "").split())
    table = ["| field | type | required |", "| --- | --- | --- |", *fields]
    return "\n".join(
        [f"## {event.type}", "", f"Version {event.version}. {about}", "", *table, "", f"```json\n{example}\n```", ""]
    )


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text("utf-8") == page()
        sys.stdout.write("current\n" if current else "docs/events.md is not current: run `make events`\n")
        return 0 if current else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
