"""The file of an office: YAML, with the line of each value, so that a mistake is named where it stands.

Texts are texts: `07:30`, `023` and `2026-08-17` need no quotes. Only what has to be a number is read as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PARTS = ("office", "registers", "neighbourhoods", "staff", "services")
_NUMBERS = frozenset({
    "price", "daily_limit", "rt_head_daily_limit", "introduction_days", "completed", "rejected", "withdrawn", "expired",
    "draft", "messages",
})  # fmt: skip
_PLAIN: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "registers": ((dict,), "names the last number of each register"),
    "neighbourhoods": ((list, str), "is a list, or the name of a CSV file"),
    "staff": ((list,), "has to be a list"),
    "services": ((list,), "has to be a list"),
}

Place = tuple[str, ...]


class Mistake(Exception):
    """What is wrong in the file, line by line."""

    def __init__(self, *said: str) -> None:
        super().__init__("\n".join(said))


@dataclass(frozen=True)
class OfficeFile:
    """What a file says, and where."""

    path: Path
    values: dict[str, Any]
    lines: dict[Place, int]

    @property
    def code(self) -> str:
        return str(self.values["office"]["code"])

    def part(self, name: str) -> Any:
        """A part of it; None where it says nothing of that."""
        return self.values.get(name)

    def line(self, *place: object) -> int:
        """The line of a value, or of what it would stand in."""
        named = tuple(str(one) for one in place)
        while named and named not in self.lines:
            named = named[:-1]
        return self.lines.get(named, 1)

    def said(self, place: tuple[object, ...], what: str) -> str:
        """A mistake, with its line and place."""
        return f"{self.path.name}, line {self.line(*place)}: {'.'.join(str(one) for one in place)}: {what}"


def read(path: Path) -> OfficeFile:
    """The file. Raises OSError; Mistake with all that can be seen to be wrong without asking anybody."""
    try:
        node = yaml.compose(path.read_text("utf-8-sig"), Loader=yaml.BaseLoader)
    except UnicodeDecodeError as error:
        raise Mistake(f"{path.name}: is no text in UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Mistake(f"{path.name}, line {line}: {error.problem or 'is no YAML'}") from error
    lines: dict[Place, int] = {(): 1}
    wrong: list[str] = []
    values = _value(path, node, (), lines, wrong) if node else None
    made = OfficeFile(path, values if isinstance(values, dict) else {}, lines)
    wrong += _mistakes(made)
    if wrong:
        raise Mistake(*wrong)
    return made


def _value(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int], wrong: list[str]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, one, (*place, str(at)), lines, wrong) for at, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in made:
                wrong.append(f"{path.name}, line {key.start_mark.line + 1}: {key.value}: is there twice")
            made[key.value] = _value(path, value, (*place, key.value), lines, wrong)
            lines[*place, key.value] = key.start_mark.line + 1
        return made
    return _scalar(node, place)


def _scalar(node: yaml.Node, place: Place) -> Any:
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style in ("'", '"'):
        return text
    counts = place[-1] in _NUMBERS if place and place[0] != "registers" else True
    if counts and text.isascii() and text.isdigit():
        return int(text)
    return _PLAIN.get(text, text)


def _mistakes(file: OfficeFile) -> Iterator[str]:
    for name in file.values:
        if name not in PARTS:
            yield file.said((name,), f"is none of {', '.join(PARTS)}")
    office = file.values.get("office")
    if not isinstance(office, dict) or not isinstance(office.get("code"), str):
        yield file.said(("office",), "its `code` has to be there")
    for name, (kinds, said) in _KINDS.items():
        if name in file.values and not isinstance(file.values[name], kinds):
            yield file.said((name,), said)
    yield from _mistakes_within(file)


def _mistakes_within(file: OfficeFile) -> Iterator[str]:
    for series, last in _items(file.values.get("registers")):
        if not isinstance(last, int):
            yield file.said(("registers", series), "has to be a number: the last one in the paper book")
    for name in ("staff", "neighbourhoods"):
        for at, one in _items(file.values.get(name)):
            if not isinstance(one, dict):
                yield file.said((name, at), "has to have fields")


def _items(found: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(found, dict):
        yield from found.items()
    elif isinstance(found, list):
        yield from enumerate(found)
