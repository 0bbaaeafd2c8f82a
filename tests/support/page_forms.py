"""Forms as a page shows them, each with its fields, and what the page says is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"input", "br", "img", "link", "meta", "hr", "source", "wbr", "area", "col", "embed", "track", "path"})


@dataclass
class Field:
    """One field: its `kind` is the input's type, `textarea` or `select`; `value` what stands or is chosen there. Radio
    buttons and boxes are a field for each choice, of which `value` is sent when it is chosen."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = True
    choices: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """A form: where and how it is sent, and its fields. A button that is sent is a field of kind `button`."""

    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)


@dataclass
class Read:
    """What was read of a page: its forms, all ids, and of its summary of errors the words and where its links lead."""

    forms: list[PageForm] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    summary: str | None = None
    links: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What each of these links says."""

    def form_of(self, path: str, *names: str) -> PageForm | None:
        """The form that is sent there; of several that which has most of these fields."""
        there = [one for one in self.forms if one.method == "post" and one.action.partition("?")[0] == path]
        return max(there, key=lambda one: len({each.name for each in one.fields} & set(names)), default=None)


def read(html: str) -> Read:
    reader = _Reader()
    reader.feed(html)
    return reader.read


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read = Read()
        self._form: PageForm | None = None
        self._text: Field | None = None
        self._in_link = False
        self._depth = 0
        """How deep inside the summary of errors; 0 outside."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if "id" in has:
            self.read.ids.add(has["id"])
        self._summary(tag, has)
        if tag == "form":
            multipart = has.get("enctype") == "multipart/form-data"
            self._form = PageForm(has.get("action", ""), has.get("method", "get").lower(), multipart)
            self.read.forms.append(self._form)
        elif self._form is not None:
            self._form.fields += self._fields(tag, has)

    def _summary(self, tag: str, has: dict[str, str]) -> None:
        if self._depth:
            self._depth += tag not in VOID
            self._in_link = self._in_link or tag == "a"
            if tag == "a":
                self.read.links.append(has["href"])
                self.read.said.append("")
        elif tag == "section" and "wrong" in has.get("class", "").split() and has.get("role") == "alert":
            self._depth, self.read.summary = 1, self.read.summary or ""

    def _fields(self, tag: str, has: dict[str, str]) -> Iterator[Field]:
        name = has.get("name", "")
        if tag == "option" and self._text is not None and self._text.kind == "select":
            self._text.choices.append(has.get("value", ""))
            if "selected" in has or len(self._text.choices) == 1:
                self._text.value = has.get("value", "")
        elif tag == "input" and name:
            kind = has.get("type", "text")
            yield Field(name, kind, has.get("value", ""), kind not in ("radio", "checkbox") or "checked" in has)
        elif tag == "button" and name:
            yield Field(name, "button", has.get("value", ""), False)
        elif tag in ("textarea", "select") and name:
            self._text = Field(name, tag)
            yield self._text

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
        self._in_link = self._in_link and tag != "a"
        if tag == "form":
            self._form = None
        elif tag in ("textarea", "select"):
            if self._text is not None and tag == "textarea":
                self._text.value = self._text.value.removeprefix("\n")
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.read.summary = f"{self.read.summary} {data.strip()}".strip()
            if self._in_link:
                self.read.said[-1] += data
        if self._text is not None and self._text.kind == "textarea":
            self._text.value += data
