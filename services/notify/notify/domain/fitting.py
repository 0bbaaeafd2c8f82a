"""A message cut down to what a channel can carry: the one place that does so. Nothing is lost on the way: the text has
a numbered line for each choice, what is too long goes on in a further part, and of a file that cannot go along that is
said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Capability = Literal["text", "buttons", "list", "document", "template", "chat", "readable", "repeatable"]
"""What a channel can do. `text`: carries text; `buttons`, `list`, `document`: shows choices, takes a file along;
`template`: lets free text through for a while after somebody wrote only, then approved templates; `chat`: people talk
there, so that what they did not ask for is kept short; `readable`: its messages are read over HTTP with all that is in
them, and replies are entered by hand; `repeatable`: the same id twice is one message to it."""

Kind = Literal["text", "buttons", "list", "file", "template"]


@dataclass(frozen=True)
class Option:
    """What can be chosen: the text has a numbered line for each, a channel may show it as a button or in a list too."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Limits:
    """How much a channel takes: characters of a text alone, of one with choices and of one under a file; how many
    choices, and characters of each; bytes of a file."""

    text: int = 4096
    beside_choices: int = 1024
    under_a_file: int = 1024
    buttons: int = 3
    button: int = 20
    rows: int = 10
    row: int = 24
    description: int = 72
    file: int = 16_000_000


@dataclass(frozen=True)
class Part:
    """One thing that goes over the wire. The last part of a message has its choices."""

    kind: Kind
    text: str
    options: tuple[Option, ...] = ()
    file: Mapping[str, Any] | None = None


_BREAKS = ("\n\n", "\n", " ")


def parts(
    text: str, options: Sequence[Option], file: Mapping[str, Any] | None, can: frozenset[Capability], limits: Limits,
    left_out: str,
) -> tuple[Part, ...]:  # fmt: skip
    """What is sent of a message, in order. `left_out` is what is said of a file that the channel does not take; of one
    that only explains the words (`beside`) nothing is, and it makes no message of its own."""
    text = text.strip()
    if file is not None and file.get("beside") and not _goes_with(text, options, file, can, limits):
        file = None
    if file is not None and not _takes(file, can, limits):
        text, file = f"{text}\n\n{left_out}".strip(), None
    if file is not None and _goes_with(text, options, file, can, limits):
        return (Part("file", text, file=file),)
    before = (Part("file", "", file=file),) if file is not None else ()
    return before + _with_choices(text, options, can, limits)


def _takes(file: Mapping[str, Any], can: frozenset[Capability], limits: Limits) -> bool:
    return "document" in can and file["size"] <= limits.file


def _goes_with(
    text: str, options: Sequence[Option], file: Mapping[str, Any], can: frozenset[Capability], limits: Limits
) -> bool:
    """Whether file and words are one message: choices have no room under a file."""
    return _takes(file, can, limits) and len(text) <= limits.under_a_file and not options


def _with_choices(text: str, options: Sequence[Option], can: frozenset[Capability], limits: Limits) -> tuple[Part, ...]:
    kind, shown = _choices(options, can, limits)
    if kind is not None and len(text) <= limits.beside_choices:
        return (Part(kind, text, shown),)
    return tuple(Part("text", piece) for piece in pieces(text, limits.text))


def _choices(
    options: Sequence[Option], can: frozenset[Capability], limits: Limits
) -> tuple[Literal["buttons", "list"] | None, tuple[Option, ...]]:
    """As buttons where they fit, in a list where they are more or longer, by the digits of the text alone else."""
    if not options:
        return None, ()
    fits = len(options) <= limits.buttons and all(len(option.title) <= limits.button for option in options)
    if "buttons" in can and fits and len({option.title for option in options}) == len(options):
        return "buttons", tuple(options)
    if "list" in can and len(options) <= limits.rows:
        return "list", tuple(_row(number, option, limits) for number, option in enumerate(options, 1))
    return None, ()


def _row(number: int, option: Option, limits: Limits) -> Option:
    """A line of a list, with the digit that it has in the text: there stands all of it."""
    description = option.description
    if len(f"{number}. {option.title}") > limits.row and not description:
        description = option.title
    return Option(
        option.id, shortened(f"{number}. {option.title}", limits.row), shortened(description, limits.description)
    )


def shortened(text: str, most: int) -> str:
    """Cut after a whole word, with … for what is not there; a word longer than that is cut within."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    whole = head if text[most - 1].isspace() else head.rpartition(" ")[0]
    return f"{(whole or head).rstrip(' ,;:-–')}…"


def pieces(text: str, most: int) -> Iterator[str]:
    """The text in pieces of at most so many characters, parted between paragraphs where that is possible, else between
    lines, else between words; together they say all that it said."""
    text = text.strip()
    while len(text) > most:
        cut = _cut(text[: most + 1], most)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _cut(head: str, most: int) -> int:
    ends = [head.rfind(mark) for mark in _BREAKS]
    well = next((at for at in ends if at > most // 2), max(ends))
    return well if well > 0 else most


def one_line(text: str) -> str:
    """For a place where no line may end: lines are parted by semicolons."""
    lines = (re.sub(r"^[-•]\s+", "", " ".join(line.split())) for line in text.splitlines())
    return "; ".join(line for line in lines if line)
