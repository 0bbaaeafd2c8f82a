"""SOPs that change: what keeps one from being published, what a new version changes, and what it would change in a
case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.derived import DERIVED
from contracts.sop import APPLICANT, FORMS, GENERAL, LETTERS, OF_APPLICANT, STEPS, applies, fields_of, placeholders
from intake.domain.applications import NEIGHBOURS
from intake.domain.sop_words import named
from kit.problems import Words

Sop = Mapping[str, Any]

LISTS = {"reasons": "code", "requirements": "code", "fields": "code", "letters": "kind", "forms": "kind"}
"""Parts of a SOP that are lists, and what names an item of each; a letter may be there once for each reason."""
WHOLE = (
    "name", "days", "cost", "product", "procedure", "next_step", "complaint", "legal_basis", "witnesses", "steps",
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What keeps a SOP from being published, and where."""

    where: str
    words: Words


def problems(sop: Sop) -> list[Problem]:
    """Everything that keeps a SOP from being published."""
    found = [
        *_twice(sop),
        *_taken(sop),
        *_conditions(sop),
        *_steps(sop),
        *_products(sop),
        *_witnesses(sop),
        *_said(sop),
    ]
    return list(dict.fromkeys(found))


def _twice(sop: Sop) -> Iterator[Problem]:
    for part, key in LISTS.items():
        seen: set[tuple[str, str | None]] = set()
        for item in sop.get(part, ()):
            bound: Sequence[str | None] = (item.get("reasons") if key == "kind" else None) or [None]
            always = None in bound and any(name == item[key] for name, _ in seen)
            if always or any((item[key], reason) in seen for reason in (*bound, None)):
                yield Problem(f"{part}.{item[key]}", Words("Disebut dua kali.", "Named twice."))
            seen |= {(item[key], reason) for reason in bound}


def _taken(sop: Sop) -> Iterator[Problem]:
    for field in sop.get("fields", ()):
        if field["code"] in DERIVED:
            yield Problem(f"fields.{field['code']}", Words("Kode ini sudah berarti lain.", "This code is taken."))


def _conditions(sop: Sop) -> Iterator[Problem]:
    """Reasons and choices that items are bound to have to be there."""
    reasons = {item["code"] for item in sop.get("reasons", ())}
    choices = {
        field["code"]: {choice["code"] for choice in field.get("choices", ())}
        for field in sop.get("fields", ())
        if field["type"] == "choice"
    } | {code: set(values) for code, values in DERIVED.items()}
    for part, key in (("requirements", "code"), ("fields", "code"), ("letters", "kind"), ("forms", "kind")):
        for item in sop.get(part, ()):
            where = f"{part}.{item[key]}"
            for reason in set(item.get("reasons") or ()) - reasons:
                yield Problem(where, Words(f"Alasan {reason} tidak ada.", f"There is no reason {reason}."))
            for code, values in (item.get("when") or {}).items():
                if code not in choices:
                    yield Problem(where, Words(f"{code} bukan isian pilihan.", f"{code} is no field of choices."))
                for value in set(values) - choices.get(code, set(values)):
                    yield Problem(where, Words(f"{code} tidak punya {value}.", f"{code} has no choice {value}."))


def _steps(sop: Sop) -> Iterator[Problem]:
    for step in sop.get("steps") or ():
        if step not in STEPS:
            yield Problem("steps", Words(f"Langkah {step} tidak dikenal.", f"There is no step {step}."))
    if sop.get("steps") and [step for step in sop["steps"] if step in STEPS] != list(STEPS):
        known = ", ".join(STEPS)
        yield Problem("steps", Words(f"Langkahnya: {known}.", f"The steps are: {known}."))


def _products(sop: Sop) -> Iterator[Problem]:
    fields = {field["code"]: field for field in sop.get("fields", ())}
    if not sop.get("letters"):
        yield Problem("letters", Words("Belum ada suratnya.", "There is no letter."))
    for letter in sop.get("letters", ()):
        where = f"letters.{letter['kind']}"
        if letter["kind"] not in LETTERS:
            yield Problem(where, Words("Surat ini tidak ada.", "There is no such letter."))
        for code in LETTERS.get(letter["kind"], ()):
            if code not in fields:
                yield Problem(where, Words(f"Isian {code} belum ada.", f"It needs the field {code}."))
        if letter["kind"] == GENERAL:
            yield from _general(where, letter, fields)
    for form in sop.get("forms", ()):
        if form["kind"] not in FORMS:
            yield Problem(f"forms.{form['kind']}", Words("Formulir ini tidak ada.", "There is no such form."))


def _general(where: str, letter: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """The words of a general letter name fields that there are, and in sentences only those that are never empty."""
    if not letter.get("title") or not letter.get("text"):
        yield Problem(where, Words("Surat ini perlu judul dan isi.", "It needs a title and a text."))
    for code in fields_of(letter):
        if code not in fields and code not in APPLICANT:
            yield Problem(where, Words(f"Isian {code} tidak ada.", f"There is no field {code}."))
        elif fields.get(code, {}).get("type") == "rows":
            yield Problem(where, Words(f"{code} adalah daftar.", f"{code} is a list."))
    for text in letter.get("text", ()):
        for code in placeholders(text["id"]):
            if code in fields and not fields[code]["required"] and code not in OF_APPLICANT:
                yield Problem(where, Words(f"{code} dalam kalimat harus wajib.", f"{code} must be required."))


def _witnesses(sop: Sop) -> Iterator[Problem]:
    wanted = sop.get("witnesses")
    if wanted and NEIGHBOURS not in {field["code"] for field in sop.get("fields", ())}:
        yield Problem("witnesses", Words(f"Isian {NEIGHBOURS} belum ada.", f"It needs the field {NEIGHBOURS}."))
    if wanted and not 1 <= wanted.get("quorum", 1) <= max(len(wanted.get("positions", ())), 1):
        yield Problem("witnesses", Words("Kuorum lebih dari sisinya.", "The quorum is more than there are sides."))


def _said(sop: Sop) -> Iterator[Problem]:
    """What the law wants published (UU 25/2009, Art. 21) has to be there, in both languages."""
    for part in ("name", "cost", "product", "next_step", "complaint"):
        words = sop.get(part) or {}
        if not str(words.get("id") or "").strip() or not str(words.get("en") or "").strip():
            yield Problem(part, Words("Isi dalam dua bahasa.", "Say it in both languages."))
    for part in ("procedure", "requirements"):
        if not sop.get(part):
            yield Problem(part, Words("Belum diisi.", "Nothing is said."))


@dataclass(frozen=True)
class Difference:
    """One thing in which two versions differ. `code` names the item of a list."""

    part: str
    change: str
    code: str | None = None
    before: Any = None
    after: Any = None

    @property
    def words(self) -> Words:
        """A sentence for whoever decides."""
        what = named(self.part, self.code, self.after or self.before)
        return {
            "added": Words(f"{what.id} ditambahkan.", f"{what.en}: added."),
            "removed": Words(f"{what.id} dihapus.", f"{what.en}: removed."),
            "changed": Words(f"{what.id} diubah.", f"{what.en}: changed."),
            "moved": Words(f"{what.id}: urutannya diubah.", f"{what.en}: put in another order."),
        }[self.change]


def compare(before: Sop, after: Sop) -> list[Difference]:
    """In what a SOP differs from another, part by part."""
    found = [
        Difference(part, "changed", None, before.get(part), after.get(part))
        for part in WHOLE
        if before.get(part) != after.get(part)
    ]
    for part, key in LISTS.items():
        found += _compare_list(part, key, before.get(part, ()), after.get(part, ()))
    return found


def _compare_list(
    part: str, key: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    old, new = ({_named(item, key): _told(item) for item in items} for items in (before, after))
    for code in new.keys() - old.keys():
        yield Difference(part, "added", code, None, new[code])
    for code in old.keys() - new.keys():
        yield Difference(part, "removed", code, old[code], None)
    for code in old.keys() & new.keys():
        if old[code] != new[code]:
            yield Difference(part, "changed", code, old[code], new[code])
    kept = [code for code in old if code in new]
    if kept != [code for code in new if code in old]:
        yield Difference(part, "moved", None, kept, [code for code in new if code in old])


def _told(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is null says as much as what is not there."""
    return {name: value for name, value in item.items() if value is not None}


def _named(item: Mapping[str, Any], key: str) -> str:
    reasons = item.get("reasons") if key == "kind" else None
    return f"{item[key]} ({', '.join(reasons)})" if reasons else str(item[key])


def parts_of(differences: Sequence[Difference]) -> list[str]:
    """The names of what was changed, for the record."""
    return sorted({f"{one.part}.{one.code}" if one.code else one.part for one in differences})


@dataclass(frozen=True)
class Effect:
    """What another version would ask of a case that the case's own does not, or no more: `needed`, `not_needed`."""

    part: str
    code: str
    change: str


def effects(own: Sop, other: Sop, reason: str | None, given: Mapping[str, Any]) -> list[Effect]:
    """How a case would have fared with another version of its SOP; empty where it makes no difference."""
    if reason is not None and reason not in {item["code"] for item in other.get("reasons", ())}:
        return [Effect("reasons", reason, "not_needed")]
    found = []
    for part in ("requirements", "fields", "letters", "forms"):
        before, after = (_asked(sop, part, reason, given) for sop in (own, other))
        found += [Effect(part, code, "needed") for code in sorted(after - before)]
        found += [Effect(part, code, "not_needed") for code in sorted(before - after)]
    return found


def _asked(sop: Sop, part: str, reason: str | None, given: Mapping[str, Any]) -> set[str]:
    """What a SOP asks of the case: what it cannot do without, and all that it issues."""
    return {
        item[LISTS[part]]
        for item in sop.get(part, ())
        if applies(item, reason, given) and not item.get("optional") and (part != "fields" or item.get("required"))
    }
