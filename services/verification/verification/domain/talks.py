"""A conversation with an RT head or a neighbour: what he was asked last, and what he has said towards it.

(nothing)    a request is answered by its own message, or starts with a word of COMMANDS
reason       why he refuses                     note        the sentence that goes with it
documents    which ones are doubtful, or …      doubt       why they are
neighbour    who lives on a side                which       about whom he speaks
read_back    whether a reason in his own words was understood
seen         whether originals were shown to him
shown        the question that he asked for as a neighbour, answered or not
person · purpose · check                        `pengantar`, one after the other
away         whether he is away, where he said it in a sentence
until        how long he is away                practice    the made-up case of `latihan`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts import written

REASON, NOTE, DOCUMENTS, DOUBT, NEIGHBOUR, WHICH = "reason", "note", "documents", "doubt", "neighbour", "which"
READ_BACK, SHOWN, SEEN = "read_back", "shown", "seen"
AWAY = "away"
PERSON, PURPOSE, CHECK, UNTIL, PRACTICE = "person", "purpose", "check", "until", "practice"

FREE = frozenset({NOTE, DOUBT, NEIGHBOUR, PERSON, PURPOSE})
"""Steps that are answered in his own words: a command is looked for in them only where it stands alone, and those that
end or repeat a step."""

YES_OR_NO = frozenset({READ_BACK, SEEN})
"""Steps that say something back, for him to say whether it is right."""

KEPT_OPEN = timedelta(days=7)
"""A question of a conversation waits as long as any other; after that what he writes is read afresh."""
MOMENTS = timedelta(minutes=10)
"""Who says the same again so soon may not have seen the question that came between."""
QUIET = timedelta(hours=1)
"""He is told once in that time what he can write: two machines would answer each other for ever."""

TASKS, INTRODUCE, ABSENT, BACK, PRACTISE, SHOW, STOP, REPEAT, HELP = (
    "tasks", "introduce", "absent", "back", "practise", "show", "stop", "repeat", "help",
)  # fmt: skip
_FIRST_WORDS: Mapping[str, str] = {
    "tugas": TASKS, "pengantar": INTRODUCE, "cuti": ABSENT, "latihan": PRACTISE, "lihat": SHOW, "batal": STOP,
    "batalkan": STOP, "ulangi": REPEAT, "ulang": REPEAT, "bantuan": HELP, "menu": HELP, "halo": HELP,
}  # fmt: skip

_DECIDES = frozenset({"setuju", "setujui", "disetujui", "tolak", "ditolak", "menolak"})


@dataclass(frozen=True)
class Talk:
    """Where a conversation stands. `said` what he gave towards the
    step; `puzzled_at` when he was told last that he was not understood; `decided` what he answered last: the kind of
    question, and his words."""

    contact_id: UUID
    kelurahan: str
    changed_at: datetime
    task_id: UUID | None = None
    step: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    puzzled_at: datetime | None = None
    decided: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def at(self, step: str | None, task_id: UUID | None = None, **said: Any) -> Talk:
        """The same conversation at another step, with what was said towards it."""
        return replace(self, step=step, task_id=task_id, said=said)

    def fresh(self, now: datetime) -> Talk:
        """As it counts now: a step that nobody came back to is over."""
        return self.at(None) if self.step and now - self.changed_at > KEPT_OPEN else self

    def repeats(self, kind: str, text: str, now: datetime) -> bool:
        """Whether he says of such a question, moments later, what he said of the last one."""
        said = {"kind": kind, "words": written.plain(text)}
        return dict(self.decided) == said and now - self.changed_at < MOMENTS

    def may_be_told(self, now: datetime) -> bool:
        """Whether it is time to say again that he was not understood."""
        return self.puzzled_at is None or now - self.puzzled_at >= QUIET


def command(text: str, *, free: bool = False) -> str | None:
    """What a message asks for by its first word. `free`: he answers in his own words, and a command is one only
    where nothing else is said."""
    words = written.words(text)
    if not words:
        return None
    found = _FIRST_WORDS.get(words[0])
    if found == SHOW and "asli" in written.plain(text):  # he wants to see the original, not the file
        return None
    if found == INTRODUCE and _DECIDES & set(words):  # `pengantar untuk beliau saya setujui`
        return None
    if free:
        return found if len(words) == 1 or (found in (STOP, REPEAT) and len(words) == 2) else None
    return found
