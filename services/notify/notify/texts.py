"""The texts of messages: `messages/<template>.<language>.txt`, filled strictly.

    render("submitted", "id", {"name": "Rohana", …})

A `$value` that is not given is an error. What people wrote stays as they wrote it, on one line, so that it cannot look
like a line of ours; a list is a line each. A line whose values are all empty is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from string import Template

from kit.errors import Permanent

LANGUAGES = ("id", "en")


class TextError(Permanent):
    """A message cannot be worded: there is no such template, or a value is missing."""


def render(template: str, language: str, values: Mapping[str, object]) -> str:
    """The text in a language. Raises TextError, which names the template and the value, never what was in it."""
    plain = {name: _plain(value) for name, value in values.items()}
    lines = (_line(template, line, plain) for line in source(template, language).splitlines())
    return "\n".join(line for line in lines if line is not None).strip() + "\n"


def _line(template: str, line: str, values: Mapping[str, str]) -> str | None:
    pattern = Template(line)
    wanted = pattern.get_identifiers()
    if missing := [name for name in wanted if name not in values]:
        raise TextError(f"{template}: no value for {', '.join(missing)}")
    if wanted and not any(values[name] for name in wanted):
        return None
    return pattern.substitute(values)


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(_plain(item) for item in value)
    return "" if value is None else " ".join(str(value).split())


def numbered(options: Sequence[Mapping[str, str]]) -> list[str]:
    """The lines of what can be chosen, for `$options`: a digit and a title."""
    return [f"{number}. {option['title']}" for number, option in enumerate(options, 1)]


def with_choices(text: str, template: str, language: str, options: Sequence[Mapping[str, str]]) -> str:
    """The text with a numbered line for each choice, where the template itself names no `$options`."""
    if not options or "options" in Template(source(template, language)).get_identifiers():
        return text
    return "\n".join([text, *numbered(options)]) + "\n"


def templates() -> Sequence[str]:
    """The names of all templates."""
    files = (resources.files("notify") / "messages").iterdir()
    return sorted({file.name.partition(".")[0] for file in files if file.name.endswith(".txt")})


@cache
def source(template: str, language: str) -> str:
    """The text as it is written, with its `$values`. Raises TextError."""
    if template not in templates() or language not in LANGUAGES:
        raise TextError(f"no template {template[:60]!r} in {language[:10]!r}")
    return (resources.files("notify") / "messages" / f"{template}.{language}.txt").read_text("utf-8")
