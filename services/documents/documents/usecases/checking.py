"""A stranger's PDF is compared with our letters. Nothing of it is kept, and nothing of it is logged."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterator
from typing import Any, BinaryIO

from documents.deps import Deps
from documents.domain import judging
from documents.domain.judging import Judgement
from documents.store import checks as store
from documents.usecases import reading
from kit.db import EVERY_TENANT

_END = b"%%EOF"
_ENDS = 32
"""So many ends of a file within the file are tried."""


def check_file(deps: Deps, content: BinaryIO, sha256: str) -> dict[str, Any]:
    """What the file is, and what is on record about the letter that it is about. Raises NotAPdf, PdfLocked,
    TooManyPages, FileNotReadable, CheckBusy."""
    judgement = _by_bytes(deps, content, sha256) or _by_sight(deps, content)
    letter = reading.check(deps, judgement.token) if judgement.token else None
    statement = judgement.statement
    if letter is not None and judgement.kind == judging.GENUINE:
        statement = f"{statement} {letter['statement']}"
    return {
        "result": judgement.kind,
        "statement": statement,
        "found": list(judgement.signs),
        "sha256": sha256,
        "letter": letter,
    }


def _by_bytes(deps: Deps, content: BinaryIO, sha256: str) -> Judgement | None:
    """The file is a letter of ours, or begins with one: nothing has to look into it, however broken the rest is."""
    beginnings = list(beginnings_of(content))
    with deps.db.transaction(EVERY_TENANT) as tx:
        known = store.tokens_by_hash(tx, [sha256, *beginnings])
    if sha256 in known:
        return Judgement(judging.GENUINE, judging.STATEMENTS[judging.GENUINE], ("our_bytes",), known[sha256])
    token = judging.first_of(beginnings, known)
    if token is None:
        return None
    return Judgement(judging.CHANGED, judging.STATEMENTS[judging.CHANGED], ("our_bytes",), token)


def _by_sight(deps: Deps, content: BinaryIO) -> Judgement:
    seen = deps.inspector.look(content)
    tokens = judging.tokens_of(deps.settings.public_url, seen)
    with deps.db.transaction(EVERY_TENANT) as tx:
        numbers = store.numbers_by_token(tx, list(tokens))
    return judging.judge(tokens, numbers, seen)


def beginnings_of(content: BinaryIO) -> Iterator[str]:
    """The hashes of all beginnings of the file that end as a PDF does, with or without a line's end.

    What is appended to a PDF leaves the bytes before it as they were; so the hash of a letter is among these when
    something was appended to it."""
    descriptor = content.fileno()
    content.flush()
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
        digest, done, place = hashlib.sha256(), 0, 0
        for _ in range(_ENDS):
            place = data.find(_END, place)
            if place < 0:
                return
            place += len(_END)
            for end in _line_ends(data, place):
                digest.update(view[done:end])
                done = end
                yield digest.hexdigest()


def _line_ends(data: mmap.mmap, place: int) -> list[int]:
    """Right after the word, and after the line's end if there is one."""
    after = data[place : place + 2]
    more = 2 if after == b"\r\n" else 1 if after[:1] in (b"\r", b"\n") else 0
    return [place, place + more] if more else [place]
