"""A complaint, wish or question in a conversation: what is asked before it is filed, in this order, and what its
answers say. What was said by himself, or need not be known, is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contracts import written
from contracts.complaining import CONFIDENTIALITY
from intake.domain.complaints.classes import COMPLAINT, QUESTION, WISH
from intake.domain.complaints.complaint import ANONYMOUS
from intake.domain.conversation import words
from intake.domain.conversation.turns import Choice
from kit.problems import Words

KIND, TEXT, ABOUT, CASE, NAME = "kind", "text", "about", "case", "name"
REOPEN, CONTENT = "reopen", "content"
"""About one that is filed: why the answer does not do, and whether it does."""
NO_CASE = "none"
MOST_TEXT = 4_000

OF_COMMAND: Mapping[str, str | None] = {
    "complaint": COMPLAINT, "wish": WISH, "question": QUESTION, "report": None,
}  # fmt: skip
"""What a word begins; `lapor` may be any of them."""

KINDS = (
    Choice(COMPLAINT, Words("Keluhan", "Complaint"), ("keluhan", "mengeluh", "komplain")),
    Choice(WISH, Words("Usulan atau saran", "Wish"), ("usulan", "saran", "usul")),
    Choice(QUESTION, Words("Pertanyaan", "Question"), ("tanya", "bertanya")),
)  # fmt: skip
ABOUTS = (
    Choice("office", Words("Pelayanan kantor", "The office's service"), ("kantor", "pelayanan", "kelurahan")),
    Choice("officer", Words("Petugas kelurahan", "An officer"), ("petugas", "pegawai")),
    Choice("rt_head", Words("Ketua RT", "RT head"), ("rt", "pak rt", "bu rt")),
    Choice("rw_head", Words("Ketua RW", "RW head"), ("rw", "pak rw", "bu rw")),
    Choice("lurah", Words("Lurah", "Lurah"), ("pak lurah", "bu lurah")),
)  # fmt: skip
NAMES = (
    Choice("open", Words("Dengan nama saya", "With my name"), ("nama", "terbuka", "open", "ya")),
    Choice("confidential", Words("Rahasia", "Confidential"), ("rahasiakan",)),
    Choice(ANONYMOUS, Words("Tanpa nama", "Anonymous"), ("anonim", "tidak pakai nama")),
)  # fmt: skip
assert {one.id for one in NAMES} == set(CONFIDENTIALITY)
CONTENTS = (
    Choice("satisfied", Words("Puas", "Satisfied"), ("saya puas", "sudah puas", "cukup", "ya puas")),
    Choice("reopen", Words("Belum", "Not yet"),
           ("belum puas", "tidak puas", "no", "kurang", "saya keberatan", "keberatan")),
)  # fmt: skip


def next_step(draft: Mapping[str, Any], *, cases: bool) -> str | None:
    """What is asked next; None when it can be filed. `cases`: he has some that it could be about."""
    if not draft.get("kind"):
        return KIND
    if not draft.get("text"):
        return TEXT
    if draft["kind"] == COMPLAINT and not draft.get("about"):
        return ABOUT
    if cases and not draft.get("case"):
        return CASE
    return None if draft.get("confidentiality") else NAME


def chosen(text: str, pressed: str | None, choices: Sequence[Choice]) -> str | None:
    """Which of them an answer means, by digit, button or words."""
    return words.chosen(text, pressed, [(one.id, one.named) for one in choices])


def tells_more(text: str, pressed: str | None, choices: Sequence[Choice]) -> bool:
    """Whether an answer says more than which of them it means, as `petugas yang di loket 2` does."""
    return pressed is None and words.decided(text, None, [(one.id, one.named) for one in choices]) is None


def joined(told: str | None, text: str) -> str:
    """What was told, with what is told besides, as long as it may be."""
    return "\n".join(one for one in (told, text.strip()) if one)[:MOST_TEXT]


def content(text: str, pressed: str | None) -> tuple[str | None, str]:
    """(satisfied or reopen, why) of `puas`, `belum` and `belum, loketnya masih tutup`; None for what is neither."""
    code = words.decided(text, pressed, [(one.id, one.named) for one in CONTENTS])
    if code is not None or "?" in text:
        return code, ""
    said = written.words(text)
    if len(said) > 2 and said[0] in ("belum", "tidak", "keberatan", "not", "no"):
        return "reopen", text.strip()
    return None, ""
