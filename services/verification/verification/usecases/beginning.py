"""`pengantar`: an RT head introduces somebody by messages. In one line or one thing after the other; what was
understood is read back to him before the letter is issued."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contracts import written
from kit import audit
from kit.problems import Problem
from verification.domain import replies, sentences, talks
from verification.store import copies
from verification.usecases import deciding
from verification.usecases.turns import Turn
from verification.usecases.writing import options

_WORD = re.compile(r"^\W*pengantar\b\W*", re.IGNORECASE)
_FOR = re.compile(r"\b(?:untuk|utk|buat|keperluan)\b[\s:]*", re.IGNORECASE)
_MOST_NAME, _MOST_PURPOSE = 120, 300
_NO_SERVICE = "-"


def begin(turn: Turn, text: str) -> None:
    """The word itself, with as much of the rest as he gave: `pengantar Budi Santoso 0812… untuk KTP`."""
    person, *purpose = _FOR.split(_WORD.sub("", text), maxsplit=1)
    given = _person(person)
    if given is None:
        turn.ask(talks.PERSON, "head_introduce_person", said_name=replies.name(person)[:_MOST_NAME])
    elif purpose and written.plain(purpose[0]):
        _check(turn, given, purpose[0])
    else:
        _ask_purpose(turn, given)


def person_given(turn: Turn, text: str) -> None:
    """Name and number; the name may have been said before."""
    given = _person(text, turn.talk.said.get("said_name") or "")
    if given is None:
        turn.not_understood()
    else:
        _ask_purpose(turn, given)


def purpose_given(turn: Turn, text: str) -> None:
    """What for: a service by its digit or name, or his own words."""
    if written.plain(text):
        _check(turn, turn.talk.said["person"], text)
    else:
        turn.not_understood()


def checked(turn: Turn, text: str) -> None:
    """He says whether all of it is right; then the introduction is granted."""
    right = written.choice(text, {"yes": ["ya, benar"], "no": ["batal"]})
    right = right or ("yes" if sentences.agrees(text) else "no" if sentences.refuses(text) else None)
    if right is None or sentences.is_question(text):
        turn.not_understood()
        return
    said = turn.talk.said
    turn.end()
    if right == "no":
        turn.say("head_stopped")
    else:
        _introduce(turn, said)


def _introduce(turn: Turn, said: Mapping[str, Any]) -> None:
    assert turn.own is not None
    given = {**said["person"], "purpose": said["purpose"], "service": said["service"]}
    try:
        with turn.tx.attempt():
            task = deciding.introduce_by(turn.deps, turn.tx, turn.own, given)
    except Problem as problem:
        turn.refused(problem)
        return
    audit.changed(turn.tx, task, who=f"officeholder:{turn.own.id}", via="message", what="introduction")
    turn.say("head_introduced", {"applicant_name": given["name"], "purpose": given["purpose"]})


def _person(text: str, name: str = "") -> dict[str, str] | None:
    found = written.phone_at(text)
    if found is None:
        return None
    phone, begins, ends = found
    name = replies.name(f"{text[:begins]} {text[ends:]}")[:_MOST_NAME] or name
    return {"name": name, "phone": phone} if name else None


def _services(turn: Turn) -> dict[str, str]:
    """The services that are offered, by code, in the order of their names."""
    offered = copies.offered(turn.tx, turn.heard.kelurahan, turn.day)
    return dict(sorted(((code, names["id"]) for code, names in offered.items()), key=lambda one: one[1]))


def _ask_purpose(turn: Turn, person: Mapping[str, str]) -> None:
    turn.ask(
        talks.PURPOSE, "head_introduce_purpose", {"applicant_name": person["name"]},
        choices=options(None, _services(turn)), person=dict(person),
    )  # fmt: skip


def _check(turn: Turn, person: Mapping[str, str], purpose: str) -> None:
    services = _services(turn)
    titles = {code: [code, name] for code, name in services.items()}
    service = written.choice(purpose, titles)
    words = services[service] if service else replies.note(purpose)[:_MOST_PURPOSE]
    turn.ask(
        talks.CHECK, "head_introduce_check",
        {"applicant_name": person["name"], "applicant_phone": person["phone"], "purpose": words},
        choices=options(None, {"yes": "Ya, benar", "no": "Batal"}), person=dict(person), purpose=words, service=service,
    )  # fmt: skip
