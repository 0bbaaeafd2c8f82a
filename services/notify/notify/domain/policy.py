"""In which form a message may go, by which channel, and what a form costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from string import Template
from typing import Literal

from notify.domain.fitting import Capability, one_line, shortened

WINDOW = timedelta(hours=24)
"""So long after somebody wrote free text is let through to him."""
Form = Literal["free", "template"]
Category = Literal["service", "utility", "authentication", "marketing", "none"]

CONVERSATION = ("talk_", "head_", "neighbour_", "channel_")
"""Texts of a conversation: out of it they make no sense, so that they have no template."""
AUTHENTICATION = frozenset({"sign_in_code"})
MARKETING = frozenset({"announcement", "announcement_for_head"})
"""What WhatsApp calls marketing: told to many, and no answer to anything of theirs."""
FOR_EVERYBODY = MARKETING
"""Whose file is for everybody: no rule about letters holds it back, and the approved template has it too."""
PICTURED = "_picture"
"""What the name of an approved template ends with that has a picture above its words."""
MOST_IN_TEMPLATE = 1024
REPLY: Mapping[str, str] = {
    "id": "Balas pesan ini bila ada pertanyaan.", "en": "Reply to this message if you have a question.",
}  # fmt: skip
_MOST_OF_A_VALUE = 600
_EMPTY = "-"


def form_of(template: str, can: frozenset[Capability], since: timedelta | None, *, closed: bool) -> Form | None:
    """Free text where it is let through, the approved template else; None for words that only fit a conversation.
    `since` is how long ago the reader wrote, None for never; `closed`: the channel said that it is too long."""
    if "template" not in can or (since is not None and since < WINDOW and not closed):
        return "free"
    return None if template.startswith(CONVERSATION) else "template"


def category_of(template: str, form: Form, can: frozenset[Capability]) -> Category:
    """As what it is paid for; `none` on a channel that takes nothing."""
    if "template" not in can:
        return "none"
    if form == "free":
        return "service"
    if template in MARKETING:
        return "marketing"
    return "authentication" if template in AUTHENTICATION else "utility"


def names_in(source: str) -> list[str]:
    """The values of a text in the order in which they are first named, each once."""
    return list(dict.fromkeys(Template(source).get_identifiers()))


def approved_body(source: str, language: str) -> str:
    """A text as it is handed in for approval: its values are numbered, and it ends with words of ours, since it must
    not end with a value."""
    places = {name: f"{{{{{number}}}}}" for number, name in enumerate(names_in(source), 1)}
    return f"{Template(source).substitute(places).strip()}\n\n{REPLY[language]}"


def approved_name(template: str, source: str, language: str, *, pictured: bool = False) -> str:
    """What a text is called where it was approved: with a fingerprint of its words, since other words would get the
    values in other places. What was changed has to be handed in anew, and is not sent in the meantime."""
    name = f"{template}_{sha256(approved_body(source, language).encode()).hexdigest()[:6]}"
    return f"{name}{PICTURED}" if pictured else name


def parameters(source: str, language: str, values: Mapping[str, object]) -> list[str]:
    """The values of a template in order, each on one line and never empty, so short that all of it fits. A link or a
    code is never cut."""
    names = names_in(source)
    given = [_said(values.get(name)) for name in names]
    room = MOST_IN_TEMPLATE - len(approved_body(source, language))
    most = _MOST_OF_A_VALUE
    while sum(min(len(one), most) for one in given) > room and most > 60:
        most -= 20
    return [shortened(one, most) if " " in one else one for one in given]


def _said(value: object) -> str:
    lines = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]
    return one_line("\n".join(lines)) or _EMPTY


def next_channel(order: Iterable[str], tried: Iterable[str], reaching: Iterable[str]) -> str | None:
    """The first channel, in the office's order, that was not tried and reaches the person."""
    out, can = set(tried), set(reaching)
    return next((name for name in order if name not in out and name in can), None)


@dataclass(frozen=True)
class Prices:
    """Rupiah for a message of a category (one for many as one for somebody, where its own is not known); the first
    `free` service messages of a number and month cost nothing."""

    of: Mapping[str, int]
    free: int = 1000

    def price(self, category: Category, service_before: int) -> int:
        """What one more costs, after so many service messages of the number in the month."""
        if category == "service" and service_before < self.free:
            return 0
        if category == "marketing" and category not in self.of:
            return self.of.get("utility", 0)
        return self.of.get(category, 0)


_PRICED = ("utility", "service", "authentication", "marketing")


def prices(text: str) -> Prices:
    """From `utility=…,service=…,authentication=…,marketing=…`, and `free=…` where it is not 1,000. Raises
    ValueError."""
    found: dict[str, int] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, amount = (part.strip() for part in entry.partition("="))
        if name not in (*_PRICED, "free") or not amount.isascii() or not amount.isdigit():
            raise ValueError(
                "must be utility=…,service=…,authentication=…,marketing=… in whole rupiah, and free=… if need be"
            )
        found[name] = int(amount)
    free = found.pop("free", 1000)
    return Prices(found, free)


WARN_AT = (80, 100)
"""Percent of the budget."""


def passed(before: int, after: int, budget: int) -> int | None:
    """The highest mark of the budget, in percent, that was passed from one sum to the next; None for none."""
    if budget <= 0:
        return None
    return next((mark for mark in reversed(WARN_AT) if before * 100 < mark * budget <= after * 100), None)


def month_of(day: date) -> tuple[date, date]:
    """The first day of the month, and of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
