"""What has to be known before a case is opened, in the order in which it is asked: the table of steps.

The first step whose answer is missing is asked. So a correction is an answer that is taken away, answers that came
unasked skip their step, and whoever comes back after days goes on where he was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts import written
from intake.domain.conversation import reading, words
from intake.domain.conversation.synonyms import of_reason, of_service, spoken_of
from intake.domain.conversation.turns import Choice, Heard
from kit.problems import Words

Answers = Mapping[str, Any]
SELF, OTHER = "self", "other"
UNKNOWN = "?"
"""The RT of somebody who does not know it."""
ANOTHER = "other-head"
MOST_HEADS = 9


@dataclass(frozen=True)
class Facts:
    """What a step can ask about: services that the office offers today, its RTs as (rt, rw), the names of those who
    head them as (rt, rw, name), and whether the number of who writes is known."""

    services: Sequence[Mapping[str, Any]]
    places: Sequence[tuple[str, str]] = ()
    heads: Sequence[tuple[str, str, str]] = ()
    phone_known: bool = True

    def service(self, code: str | None) -> Mapping[str, Any] | None:
        return next((one for one in self.services if one["service"] == code), None)

    def rws(self, rt: str) -> list[str]:
        return sorted({rw for known, rw in self.places if known == rt})


@dataclass(frozen=True)
class Taken:
    """What an answer gave: values (None takes one away), or what is wrong with it. `person`: only somebody of the
    office can help."""

    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Words | None = None
    person: bool = False


Choices = Callable[[Answers, Facts], Sequence[Choice]]


@dataclass(frozen=True)
class Step:
    """`wanted`: whether it is asked; `choices`: what can be chosen; `take`: what an answer gives."""

    code: str
    template: str
    wanted: Callable[[Answers, Facts], bool]
    take: Callable[[Answers, Heard, Facts], Taken]
    choices: Choices = lambda _answers, _facts: ()


UNCLEAR = Words("Maaf, jawaban tadi belum kami mengerti.", "Sorry, we did not understand that answer.")
_RIGHT = Words("Baik. Sekarang pilih alasannya.", "All right. Now choose the reason.")
_NO_NAME = Words("Maaf, itu belum seperti nama. Tulis nama lengkap, misalnya: Siti Maimunah.",
                 "Sorry, that does not look like a name. Write the full name, such as: Siti Maimunah.")  # fmt: skip
_NO_PHONE = Words("Maaf, nomor HP-nya belum terbaca. Contoh: 0812 3456 7890.",
                  "Sorry, we could not read the mobile number. Such as: 0812 3456 7890.")  # fmt: skip
_NO_RT = Words("Maaf, RT-nya belum terbaca. Tulis angkanya saja, misalnya: 23.",
               "Sorry, we could not read the RT. Just write its number, such as: 23.")  # fmt: skip


# --- service, reason --------------------------------------------------------------------------------------------------


def _services(_answers: Answers, facts: Facts) -> list[Choice]:
    return [
        Choice(one["service"], Words(one["name"]["id"], one["name"]["en"]), of_service(one)) for one in facts.services
    ]


def _take_service(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    code = words.chosen(heard.text, heard.choice, [(one.id, one.named) for one in _services(answers, facts)])
    found = {"service": code} if code else unasked(heard.text, facts)
    return Taken(found) if found.get("service") else Taken(wrong=UNCLEAR)


def unasked(text: str, facts: Facts) -> dict[str, str]:
    """Service and reason that somebody speaks of by himself: `mau urus KTP hilang`."""
    code = spoken_of(text, [(one["service"], (one["name"]["id"], *of_service(one))) for one in facts.services])
    if code is None:
        return {}
    sop = facts.service(code) or {}
    reason = spoken_of(text, [(one["code"], of_reason(one["code"])) for one in sop.get("reasons", ())])
    return {"service": code} | ({"reason": reason} if reason else {})


def _reasons(answers: Answers, facts: Facts) -> list[Choice]:
    sop = facts.service(answers.get("service")) or {}
    return [
        Choice(one["code"], Words(one["name"]["id"], one["name"]["en"]), of_reason(one["code"]))
        for one in sop.get("reasons", ())
    ]


def _take_reason(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    code = words.chosen(heard.text, heard.choice, [(one.id, one.named) for one in _reasons(answers, facts)])
    if code is None and written.yes_or_no(heard.text):  # to what we have understood so far
        return Taken(wrong=_RIGHT)
    return Taken({"reason": code}) if code else Taken(wrong=UNCLEAR)


# --- for whom ---------------------------------------------------------------------------------------------------------

_WHOM = (
    Choice(SELF, Words("Saya sendiri", "Myself"), ("saya", "sendiri", "diri sendiri", "aku", "me", "self")),
    Choice(OTHER, Words("Orang lain yang saya bantu", "Somebody whom I help"),
           ("orang lain", "tetangga", "bantu", "membantu", "ibu saya", "bapak saya", "orang tua", "other",
            "neighbour")),
)  # fmt: skip


_HIMSELF = frozenset(written.words("saya sendiri diri aku untuk buat bagi pribadi ya iya pak bu me my self myself for"))
_OTHERS = frozenset(
    written.words(
        "istri suami anak ibu bapak ayah mama papa emak umak ebok orang tua mertua menantu adik kakak saudara"
        " keponakan cucu nenek kakek nyai yai paman bibi sepupu tetangga teman warga keluarga bantu membantu wife"
        " husband child mother father parents brother sister neighbour friend somebody family"
    )
)
_NOT = frozenset(written.words("bukan tidak jangan dak tak not"))


def _take_whom(_answers: Answers, heard: Heard, _facts: Facts) -> Taken:
    """`untuk istri saya` is somebody else: `saya` is in it, and does not decide."""
    code = words.decided(heard.text, heard.choice, [(one.id, one.named) for one in _WHOM]) or _whom(heard.text)
    return Taken({"whom": code}) if code else Taken(wrong=UNCLEAR)


def _whom(text: str) -> str | None:
    said = set(written.words(text))
    if "?" in text or said & _NOT:
        return None
    if said & (_OTHERS - {"ibu", "bapak"}) or re.search(r"\b(ibu|bapak)(ku| saya| aku| kami)\b", written.plain(text)):
        return OTHER
    return SELF if said & {"saya", "sendiri", "aku", "me", "myself"} and said <= _HIMSELF else None


RELATIONS = (
    Choice("tetangga", Words("Tetangga", "Neighbour")),
    Choice("keluarga", Words("Keluarga", "Family"), (
        "anak", "menantu", "keponakan", "saudara", "adik", "kakak", "cucu", "suami", "istri", "ibu", "bapak", "ayah")),
    Choice("ketua RT", Words("Ketua RT", "RT head"), ("pak rt", "bu rt", "rt")),
    Choice("lainnya", Words("Lainnya", "Other"), ("teman", "lain")),
)  # fmt: skip


def _take_helper(_answers: Answers, heard: Heard, _facts: Facts) -> Taken:
    """`Nur'aini, tetangga`: both in one answer, or the name alone."""
    first, _, rest = words.plain(heard.text).partition(",")
    found = reading.name(first)
    if found is None:
        return Taken(wrong=_NO_NAME)
    relation = words.chosen(rest, None, [(one.id, one.named) for one in RELATIONS]) if rest else None
    return Taken({"helper": found} | ({"relation": relation} if relation else {}))


def _take_relation(_answers: Answers, heard: Heard, _facts: Facts) -> Taken:
    code = words.chosen(heard.text, heard.choice, [(one.id, one.named) for one in RELATIONS])
    own = words.plain(heard.text)
    if code is None and (not own or len(own) > 60 or own.isdigit()):
        return Taken(wrong=UNCLEAR)
    return Taken({"relation": code or own})


def _take_helper_phone(_answers: Answers, heard: Heard, _facts: Facts) -> Taken:
    found = written.phone(heard.text)
    return Taken({"helper_phone": found}) if found else Taken(wrong=_NO_PHONE)


# --- who and where ----------------------------------------------------------------------------------------------------


def _take_name(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    found, where = reading.name_and_place(heard.text)
    if found is None:
        return Taken(wrong=_NO_NAME)
    at = _placed(where, facts)
    return Taken({"name": found} | (dict(at.values) if answers.get("rt") is None else {}))


def _take_rt(_answers: Answers, heard: Heard, facts: Facts) -> Taken:
    if words.is_unknown(heard.text):
        return Taken({"rt": UNKNOWN}) if facts.heads else Taken(person=True)
    return _placed(reading.place(heard.text), facts)


def _placed(where: reading.Place, facts: Facts) -> Taken:
    """RT, and RW where it is known or there is only one with this RT."""
    if where.rt is None:
        return Taken({"rw": where.rw} if where.rw and not facts.places else {}, wrong=_NO_RT)
    rws = facts.rws(where.rt)
    if where.rw is not None:
        return Taken({"rt": where.rt, "rw": where.rw})
    if facts.places and not rws:
        return Taken(wrong=Words(
            f"RT {where.rt} belum terdaftar di sini. Periksa angkanya, atau tulis RT dan RW, misalnya: RT 23 RW 5.",
            f"RT {where.rt} is not known here. Check the number, or write RT and RW, such as: RT 23 RW 5.",
        ))  # fmt: skip
    return Taken({"rt": where.rt, "rw": rws[0] if len(rws) == 1 else None})


def _rws(answers: Answers, facts: Facts) -> list[Choice]:
    return _named_rws(facts.rws(answers["rt"]))


def _named_rws(known: Sequence[str]) -> list[Choice]:
    return [Choice(rw, Words(f"RW {rw}", f"RW {rw}"), (rw, rw.lstrip("0"))) for rw in known]


def _take_rw(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    """Of the RWs that have this RT."""
    taken = _one_of(facts.rws(answers["rt"]), heard)
    if taken.wrong is UNCLEAR and words.is_unknown(heard.text):
        return Taken({"rt": UNKNOWN}) if facts.heads else Taken(person=True)
    return taken


def _one_of(known: Sequence[str], heard: Heard) -> Taken:
    """The RW's own number or the line's digit: one that may be either, of two RWs, is asked for once more."""
    bare = words.said(heard.text).isdigit()
    named = reading.place(f"rw {words.said(heard.text)}" if bare else heard.text).rw
    if heard.choice in known:
        return Taken({"rw": heard.choice})
    line = words.number(heard.text) if bare else None
    if named in known and line is not None and 1 <= line <= len(known) and known[line - 1] != named:
        return Taken(wrong=Words(f"Apakah maksudnya RW {named}? Tulis dengan kata RW, misalnya: RW {named}.",
                                 f"Do you mean RW {named}? Write the word RW too, such as: RW {named}."))  # fmt: skip
    if named is not None and (not known or named in known):
        return Taken({"rw": named})
    code = words.chosen(heard.text, heard.choice, [(one.id, one.named) for one in _named_rws(known)])
    return Taken({"rw": code}) if code else Taken(wrong=UNCLEAR)


def _many_heads(answers: Answers, facts: Facts) -> bool:
    """Whether there are more RT heads than a list can name: then the RW is asked first."""
    return answers.get("rt") == UNKNOWN and not answers.get("rw") and len(facts.heads) > MOST_HEADS


def _headed_rws(facts: Facts) -> list[str]:
    return sorted({rw for _rt, rw, _who in facts.heads})


def _rws_of_heads(_answers: Answers, facts: Facts) -> list[Choice]:
    """Those that have RT heads; more than a list can show are asked for by their number alone."""
    known = _headed_rws(facts)
    return _named_rws(known) if len(known) <= MOST_HEADS else []


def _take_rw_of_heads(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    """Who knows neither RT nor RW is helped by a person."""
    where = reading.place(heard.text) if words.number(heard.text) is None else reading.Place()
    if where.rt is not None:
        return _placed(where, facts)
    if words.is_unknown(heard.text):
        return Taken(person=True)
    shown = _headed_rws(facts)
    if not _rws_of_heads(answers, facts) and (line := words.number(heard.text)) is not None:
        named = reading.place(f"rw {line}").rw  # no lines were shown: a digit is the RW's own
        return Taken({"rw": named}) if named in shown else Taken(wrong=UNCLEAR)
    return _one_of(shown, heard)


def heads(answers: Answers, facts: Facts) -> list[Choice]:
    """Names of RT heads, of the RW if that was said, as many as a list can show; the last line is for whoever knows
    none of them."""
    of_rw = [one for one in facts.heads if one[1] == answers.get("rw")] or facts.heads
    known = [
        Choice(f"{rt}/{rw}", Words(who, who), description=Words(f"RT {rt}, RW {rw}", f"RT {rt}, RW {rw}"))
        for rt, rw, who in of_rw[:MOST_HEADS]
    ]
    nobody = Words("Tidak ada yang saya kenal", "I know none of them")
    return [*known, Choice(ANOTHER, nobody, ("tidak ada", "tidak tahu", "bukan semua", "none"))]


def _take_head(answers: Answers, heard: Heard, facts: Facts) -> Taken:
    where = reading.place(heard.text) if words.number(heard.text) is None else reading.Place()
    if where.rt is not None:
        return _placed(where, facts)
    if words.is_unknown(heard.text):
        return Taken(person=True)
    code = words.chosen(heard.text, heard.choice, [(one.id, one.named) for one in heads(answers, facts)])
    if code is None:
        return Taken(wrong=UNCLEAR)
    rt, _, rw = code.partition("/")
    return Taken(person=True) if code == ANOTHER else Taken({"rt": rt, "rw": rw})


# --- the table --------------------------------------------------------------------------------------------------------


def _helps(answers: Answers) -> bool:
    return answers.get("whom") == OTHER


STEPS: tuple[Step, ...] = (
    Step("service", "talk_service", lambda a, _f: not a.get("service"), _take_service, _services),
    Step("whom", "talk_whom", lambda a, _f: not a.get("whom"), _take_whom, lambda _a, _f: _WHOM),
    Step("name", "talk_name", lambda a, _f: not a.get("name"), _take_name),
    Step("rt", "talk_rt", lambda a, _f: not a.get("rt"), _take_rt),
    Step("head_rw", "talk_head_rw", _many_heads, _take_rw_of_heads, _rws_of_heads),
    Step("head", "talk_rt_heads", lambda a, _f: a.get("rt") == UNKNOWN, _take_head, heads),
    Step("rw", "talk_rw", lambda a, _f: not a.get("rw"), _take_rw, _rws),
    Step("helper", "talk_helper", lambda a, _f: _helps(a) and not a.get("helper"), _take_helper),
    Step("relation", "talk_relation", lambda a, _f: _helps(a) and not a.get("relation"), _take_relation,
         lambda _a, _f: RELATIONS),
    Step("helper_phone", "talk_helper_phone",
         lambda a, f: _helps(a) and not f.phone_known and not a.get("helper_phone"), _take_helper_phone),
    Step("reason", "talk_reason", lambda a, f: not a.get("reason") and len(_reasons(a, f)) > 1, _take_reason, _reasons),
)  # fmt: skip


def next_step(answers: Answers, facts: Facts) -> Step | None:
    """What is asked now; None when a case can be opened."""
    if answers.get("service") and facts.service(answers["service"]) is None:  # it is offered no more
        return STEPS[0]
    return next((step for step in STEPS if step.wanted(answers, facts)), None)


def step_of(code: str) -> Step | None:
    return next((step for step in STEPS if step.code == code), None)


GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "service": ("service", "reason"), "rt": ("rt", "rw"), "rw": ("rt", "rw"), "whom": ("whom", "helper", "relation"),
}  # fmt: skip
"""What is asked anew together when one of it is to be corrected."""


def going_with(code: str) -> tuple[str, ...]:
    return GOES_WITH.get(code, (code,))


def is_foreign(step: Step, answers: Answers, heard: Heard, facts: Facts) -> bool:
    """Whether a button was pressed that this question does not have: its words are no answer to it."""
    return heard.choice is not None and heard.choice not in {one.id for one in step.choices(answers, facts)}


def corrected(answers: Answers, code: str, said: str, facts: Facts) -> tuple[dict[str, Any], Words | None]:
    """The answers after a correction: with the new value if one was said, else without the old one, so that it is asked
    again; and what is wrong with what was said."""
    left = {name: value for name, value in answers.items() if name not in going_with(code)}
    step = step_of("rt" if code == "rw" else code)
    if not said or step is None:
        return left, None
    taken = step.take(left, Heard("", said), facts)
    return merged(left, taken.values), taken.wrong


def merged(answers: Answers, values: Mapping[str, Any]) -> dict[str, Any]:
    both = {**answers, **values}
    return {name: value for name, value in both.items() if value is not None}
