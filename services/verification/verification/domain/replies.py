"""What an RT head or a neighbour answers in his own words, read as one of the options that he was given.

A digit, an option's name, `setuju`, `tolak alamat bukan di RT ini`, `semua asli`, `bukan urusan saya`. What says yes
and no at once (`setuju tapi …`), asks or puts off is read as nothing (`sentences`): then he is asked again, and nothing
is decided for him.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts import written
from kit.problems import Words
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSE
from verification.domain.sentences import agrees, all_genuine, asks, is_question, negated, refuses, takes_back, turns
from verification.domain.statements import CONFIRM, DECLINE, OBJECT
from verification.domain.tasks import ATTESTATION, BRING_ORIGINAL, DOUBTFUL, GENUINE, STATEMENT, Task

GRANT_AGREED, GRANT_GENUINE = "grant_agreed", "grant_genuine"
"""He grants, and says that the resident wants to be helped; or that what he was shown is genuine."""

OPTIONS: Mapping[str, Words] = {
    GRANT: Words("Setuju", "I agree"),
    GRANT_AGREED: Words("Setuju, warga setuju", "Both agree"),
    GRANT_GENUINE: Words("Setuju, semua asli", "Agree, all genuine"),
    REFUSE: Words("Tolak", "I refuse"),
    ACKNOWLEDGE: Words("Mengetahui", "Acknowledged"),
    GENUINE: Words("Semua asli", "All genuine"),
    DOUBTFUL: Words("Ada yang ragu", "Some are doubtful"),
    BRING_ORIGINAL: Words("Bawa asli", "Bring the original"),
    CONFIRM: Words("Benar", "It is true"),
    OBJECT: Words("Saya keberatan", "I object"),
    DECLINE: Words("Bukan urusan saya", "Not my business"),
}
"""What a button says: twenty signs at the most."""

LONGEST_NOTE = 500
_ALL_GENUINE = re.compile(r"\b(?:semua|semuanya)(?: berkas(?:nya)?)? asli$")
_NOT = r"\b(?:tidak|tdk|tak|gak|nggak|enggak|ngga|ga|ndak|dak|bukan)\b"
_REASONS: Mapping[str, re.Pattern[str]] = {
    "not_resident": re.compile(
        rf"{_NOT} (?:di |dari |ada di )?(?:warga|rt|tinggal|penduduk|alamat)|alamat\w* (?:\w+ )?{_NOT}|\bpindah\b"
        r"|\brt lain\b|\bluar rt\b"
    ),
    "unknown_person": re.compile(rf"{_NOT} (?:saya )?(?:di)?kenal"),
    "incomplete_data": re.compile(rf"(?:{_NOT}|\bbelum|\bkurang) lengkap|\bdata\w* (?:kurang|salah|keliru)"),
    "wrong_purpose": re.compile(rf"(?:keperluan|tujuan)\w* (?:\w+ )?(?:salah|keliru|{_NOT})|{_NOT} sesuai"),
}
_LEADING = re.compile(
    r"^\W*(?:(?:saya|kami)\s+)?(?:tolak|ditolak|menolak|keberatan)\b[\s,.:;-]*(?:karena|krn|sebab)?\s*", re.IGNORECASE
)
_BRINGS = re.compile(r"\b(?:bawa\w*|tunjuk\w*|perlihatkan|lihat|minta)\b.*\basli")
_NOT_THIS = re.compile(r"\b(?:bukan|tidak termasuk|tanpa)\b")
_HAD = re.compile(r"\b(?:sudah|udah|sdh)\b")
_DOUBTS = re.compile(rf"\b(?:ragu\w*|meragukan|palsu|curiga|mencurigakan)\b|{_NOT} asli\b")
_POLITELY = r"(?:\s+(?:pak|bu|bapak|ibu|mas|mbak|kak))*"
_DECLINES = re.compile(
    rf"(?:(?:maaf|saya|kami|itu|ini)\s+)*(?:{_NOT} urusan(?: saya| kami)?|(?:itu )?urusan (?:orang|dia|mereka)"
    rf"|{_NOT} (?:saya )?(?:mau|ingin) (?:me)?(?:njawab|jawab|ikut|ikut campur|terlibat)"
    rf"|{_NOT} (?:saya )?(?:tahu|tau)(?: apa apa| menahu)?){_POLITELY}"
)
_NO_OBJECTION = re.compile(
    rf"(?:(?:benar|betul|ya|iya|maaf|saya|kami)\s+)*(?:{_NOT} (?:ada )?(?:merasa )?(?:keberatan|masalah)"
    rf"|{_NOT} (?:apa apa|apa2|papa)){_POLITELY}"
)
_OBJECTS = re.compile(
    rf"(?:(?:maaf|saya|kami|pak|bu)\s+)*(?:keberatan|bohong|tolak|menolak|{_NOT} (?:benar|betul|setuju))\b"
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONTROLS = re.compile("[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Reply:
    """The option that somebody means, and what he wrote besides."""

    code: str
    words: str = field(default="", repr=False)


def offered(task: Task, *, files: int = 0, helped: bool = False) -> list[str]:
    """The options of a question, in the order of their digits. `files`: documents shown beside an introduction;
    `helped`: somebody else applies for the resident."""
    if task.kind == STATEMENT:
        return [CONFIRM, OBJECT, DECLINE]
    if task.kind == ATTESTATION:
        return [GENUINE, DOUBTFUL, BRING_ORIGINAL]
    if task.to_acknowledge:
        return [ACKNOWLEDGE, REFUSE]
    if helped:
        return [GRANT_AGREED, GRANT, REFUSE]
    return [GRANT_GENUINE, GRANT, REFUSE] if files else [GRANT, REFUSE]


def read(text: str, options: Sequence[str]) -> Reply | None:
    """Which of the options is meant; None where that is not clear."""
    if text in options:
        return Reply(text)
    said = written.plain(text)
    if not said or is_question(text):
        return None
    if (number := written.number(text, len(options))) is not None:
        return Reply(options[number - 1])
    named = next((code for code in options if said in (written.plain(name) for name in OPTIONS[code])), None)
    if named is not None:
        return Reply(named)
    if GENUINE in options:
        return _of_documents(said, text)
    return _of_neighbour(said, text) if CONFIRM in options else _of_introduction(said, text, options)


def _of_introduction(said: str, text: str, options: Sequence[str]) -> Reply | None:
    if refuses(text):
        return Reply(REFUSE, note(text))
    known = ACKNOWLEDGE in options
    if GRANT_GENUINE in options and said.endswith("asli") and agrees(_ALL_GENUINE.sub(" ", said), consent=True):
        return Reply(GRANT_GENUINE)
    return Reply(ACKNOWLEDGE if known else GRANT) if agrees(text, consent=True, acknowledging=known) else None


def _of_documents(said: str, text: str) -> Reply | None:
    if turns(said) or takes_back(text):
        return None
    brings, doubts = _BRINGS.search(said), _DOUBTS.search(said)
    if brings and not doubts:
        had = negated(said, len(said)) or _HAD.search(said)
        return None if had else Reply(BRING_ORIGINAL, note(text))
    if doubts:
        others = re.search(r"\basli\b", said[: doubts.start()] + said[doubts.end() :])
        unclear = negated(said, doubts.start()) or others or asks(text)
        return None if unclear else Reply(DOUBTFUL, note(text))
    return Reply(GENUINE) if all_genuine(text) else None


def _of_neighbour(said: str, text: str) -> Reply | None:
    if _DECLINES.fullmatch(said):
        return Reply(DECLINE)
    if _NO_OBJECTION.fullmatch(said) or agrees(text):
        return Reply(CONFIRM)
    unclear = turns(said) or asks(text) or takes_back(text)
    return Reply(OBJECT, note(text)) if _OBJECTS.match(said) and not unclear else None


def refusal_reason(text: str) -> str | None:
    """The reason of the list that his words name; None where they name none, or several."""
    said = written.plain(text)
    found = [code for code, pattern in _REASONS.items() if pattern.search(said)]
    return found[0] if len(found) == 1 else None


def note(text: str) -> str:
    """What he wrote besides `tolak` or `keberatan`, as it can stand in a note: one line, cut where it is too long."""
    bare = " ".join(_CONTROLS.sub(" ", _LEADING.sub("", text)).split())
    return bare[:LONGEST_NOTE].strip() if written.plain(bare) else ""


_MARKS = _set("ada yang ragu meragukan saya bawa asli aslinya berkas dokumen lihat minta ini itu dan juga pak bu ya")
_LABELS = re.compile(r"\b(?:nama(?:nya)?|no(?:mor)?|nomer|hp|wa|telp?|telepon|untuk|atas)\b[\s.:]*", re.IGNORECASE)


def besides(words: str, named: Sequence[str]) -> str:
    """What he wrote besides which documents he means and what they are; nothing where that is all."""
    known = {word for name in named for word in written.words(name)} | _MARKS
    return words if any(word not in known for word in written.words(words)) else ""


def name(text: str) -> str:
    """A person's name, without what stands around it; nothing where no letter is left."""
    bare = " ".join(_CONTROLS.sub(" ", _LABELS.sub(" ", text)).split()).strip(" ,.;:-/()")
    return bare if any(sign.isalpha() for sign in bare) else ""


def documents(text: str, named: Sequence[tuple[str, str]]) -> list[int] | None:
    """Which of these documents (code, name) are meant, as places from 0: by digits, `semua`, or by their names. None
    where some are taken out again (`semua kecuali KTP`, `bukan KTP`)."""
    if is_question(text) or turns(written.plain(text)) or _NOT_THIS.search(written.plain(text)):
        return None
    chosen = written.numbers(text, len(named))
    if chosen is not None:
        return [number - 1 for number in chosen]
    said = f" {written.plain(text)} "
    short = [code.casefold().split("_")[0] for code, _ in named]
    found = [
        place for place, (_, name) in enumerate(named)
        if f" {written.plain(name)} " in said or (short.count(short[place]) == 1 and f" {short[place]} " in said)
    ]  # fmt: skip
    return found or None
