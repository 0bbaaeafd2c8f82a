"""What an open case needs next, said or asked: the twin of the pages' way through a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contracts.consent import CONSENT_PAPER
from contracts.sop import APPLICANT, applies
from intake.domain import applications as rules
from intake.domain import provenance
from intake.domain.case import Application
from intake.domain.consent import CONSENT
from intake.domain.conversation import agenda, fields
from intake.domain.conversation.agenda import Lacks, Next
from intake.domain.conversation.turns import Choice, Turn
from intake.store import files
from intake.usecases import procedure
from intake.usecases.talking import links
from intake.usecases.talking.scene import Scene, Sop
from intake.usecases.talking.status import status_of
from kit.db import Row
from kit.problems import Words

_OPENED = Words("Permohonan sudah dibuka: %s.", "The application is open: %s.")
_MEND = Words("Bila ada yang salah, balas misalnya: salah, nama Siti Maimunah",
              "If something is wrong, answer for instance: wrong, name Siti Maimunah")  # fmt: skip
_HEAD_ASKED = Words(
    "Ketua RT %s sudah kami mintai surat pengantar.", "We have asked the head of RT %s for the introduction."
)
PASSED_ON = Words("Pesan Anda sudah kami teruskan ke petugas.", "We have passed your message on to an officer.")


def lacks(scene: Scene, app: Application) -> Lacks:
    """What is open in a case, by the rules for submitting and by what its letters need."""
    sop = scene.sop(app)
    here = current(scene, app)
    missing = procedure.missing_of(app, sop, here)
    kinds = {one["code"]: one["kind"] for one in sop["requirements"]}
    again = _returned(app, here)
    documents = [code for code in kinds if kinds[code] == "file" and (code in missing or code in again)]
    wanted = [code.removeprefix("applicant.") for code in missing if code.startswith("applicant.")]
    wanted += [code for code in _fields(app, sop) if code not in wanted]
    wanted += [code for code in again if code not in kinds and code not in (CONSENT_PAPER, rules.NEIGHBOURS)]
    asked = {code: fields.asked(code, sop) for code in dict.fromkeys(wanted)}
    introduction = next((code for code in missing if kinds.get(code) == "introduction"), None)
    return Lacks(
        documents=documents,
        fields=[code for code, one in asked.items() if one is not None and not fields.is_number(one)],
        numbers=[code for code, one in asked.items() if one is not None and fields.is_number(one)],
        rows=[code for code, one in asked.items() if one is None],
        agreement=CONSENT in missing,
        originals=procedure.unseen_originals(app, here),
        introduction=app.introduction if introduction else None,
    )


def current(scene: Scene, app: Application) -> Sequence[Row]:
    """The case's files that count."""
    return files.current(scene.tx, app.id)


def _returned(app: Application, here: Sequence[Row]) -> list[str]:
    """Items of a returned case that were not sent anew since, nor are to be shown as an original."""
    if app.status != "returned" or not app.pauses:
        return []
    since = datetime.fromisoformat(app.pauses[-1][0] or "")
    done = {row["requirement"] for row in here if row["uploaded_at"] > since} | _mended(app, since)
    return [
        item["requirement"]
        for item in app.returned_items
        if item["requirement"] not in done and not item.get("original")
    ]


def _mended(app: Application, since: datetime) -> set[str]:
    """Fields that somebody gave anew since the case was returned."""
    given = provenance.by_field(app.person.get("provenance") or [])
    return {code for code, one in given.items() if one["at"] > since}


def _fields(app: Application, sop: Sop) -> list[str]:
    """What the service needs of the applicant's own words before its letters can be signed."""
    lacking = rules.missing_fields(sop, app.reason, app.facts)
    own = {one["code"] for one in sop["fields"] if one["source"] == "applicant" and applies(one, app.reason, app.facts)}
    return [code for code in lacking if code in own]


# --- the next thing ---------------------------------------------------------------------------------------------------


def opened(scene: Scene, app: Application, asked_head: bool) -> Turn | None:
    """The first turn about a new case."""
    head = Words(_HEAD_ASKED.id % app.rt, _HEAD_ASKED.en % app.rt) if asked_head else None
    code = Words(f"Kode lacak: {app.tracking_code}", f"Tracking code: {app.tracking_code}")
    return ask(scene, app).after(*_understood(scene, app), code, head)


def _understood(scene: Scene, app: Application) -> list[Words]:
    """What was understood, as it stands in the case now; and how it is mended, where that was not said before."""
    sop, person = scene.sop(app), app.person["applicant"]
    reason = next((one["name"] for one in sop["reasons"] if one["code"] == app.reason), None)
    name = name_of_service(scene, app)
    what = Words(f"{name.id} ({reason['id']})", f"{name.en} ({reason['en']})") if reason else name
    rest = f"{person['name']}, RT {app.rt} RW {app.rw}"
    said = Words(_OPENED.id % f"{what.id}, {rest}", _OPENED.en % f"{what.en}, {rest}")
    return [said] if len(sop["reasons"]) > 1 else [said, _MEND]


def ask(scene: Scene, app: Application) -> Turn:
    """What is to be done next in a case that is the applicant's turn; else how it stands."""
    if app.status not in ("draft", "returned"):
        scene.talk.asked = ""
        return status_of(scene, app)
    open_things = lacks(scene, app)
    nxt = agenda.next_of(open_things, scene.talk.rules, scene.talk.later)
    scene.talk.asked, scene.talk.asked_of = nxt.asked, str(app.id)
    return _TURNS[nxt.kind](scene, app, open_things, nxt).after(scene.which(app))


def told(scene: Scene, app: Application, *said: Words) -> Turn | None:
    """What is said of a case unasked, and what it needs next; only the former where he is at something else."""
    if not scene.talk.is_elsewhere(str(app.id)):
        return ask(scene, app).after(*said)
    return Turn("talk_note", question=False, case=str(app.id)).after(scene.which(app), *said) if said else None


def _document(scene: Scene, app: Application, open_things: Lacks, nxt: Next) -> Turn:
    return document(scene, app, nxt.code, [code for code in open_things.documents if code != nxt.code])


def document(scene: Scene, app: Application, code: str, besides: Sequence[str] = ()) -> Turn:
    """Asks for the photo of one paper; what is wanted besides may come first."""
    item = next(one for one in scene.sop(app)["requirements"] if one["code"] == code)
    hint = item.get("photo_hint") or {"id": "", "en": ""}
    others = [name_of(scene, app, one) for one in besides]
    return Turn("talk_document", {
        "document": Words(item["name"]["id"], item["name"]["en"]),
        "photo_hint": Words(hint["id"], hint["en"]),
        "others": listed(others), "problem": _problem(app, code),
    }, case=str(app.id), sample=code)  # fmt: skip


def _problem(app: Application, code: str) -> str:
    """What an officer said is wrong with it."""
    return next((f"{one['problem']}. {one.get('note') or ''}".strip() for one in app.returned_items
                 if one["requirement"] == code), "")  # fmt: skip


def _field(scene: Scene, app: Application, _open: Lacks, nxt: Next) -> Turn:
    one = fields.asked(nxt.code, scene.sop(app))
    assert one is not None  # else it would not be asked
    return Turn("talk_field", {"question": one.question, "hint": one.hint, "problem": _problem(app, nxt.code)},
                one.choices, case=str(app.id))  # fmt: skip


def pages(scene: Scene, app: Application) -> Turn:
    """A link that opens the case's pages, and what they will ask for."""
    return _pages(scene, app, lacks(scene, app), Next(agenda.PAGES)).after(scene.which(app))


def _pages(scene: Scene, app: Application, open_things: Lacks, _next: Next) -> Turn:
    account = scene.account()
    assert account is not None  # the case is his
    named = [name_of(scene, app, code) for code in open_things.documents]
    return Turn("talk_pages", {
        "link": links.make(scene.deps, scene.tx, scene.office.code, account.id, app.id),
        "documents": [Words(f"• {one.id}", f"• {one.en}") for one in named],
    }, question=False, case=str(app.id))  # fmt: skip


def _agreement(scene: Scene, app: Application, _open: Lacks, _next: Next) -> Turn:
    return Turn("talk_agreement", {"name": app.person["applicant"]["name"]}, case=str(app.id))


AGAIN, PAPER = "again", "paper"
INTRODUCTION = (
    Choice(AGAIN, Words("Minta lagi ke ketua RT", "Ask the RT head again"), ("minta lagi", "lagi", "ya")),
    Choice(PAPER, Words("Kirim foto surat kertas", "Send a photo of a paper one"), ("kertas", "foto")),
)


def _introduction(scene: Scene, app: Application, _open: Lacks, _next: Next) -> Turn:
    return Turn("talk_introduction", {"rt": app.rt}, INTRODUCTION, case=str(app.id))


def _original(scene: Scene, app: Application, open_things: Lacks, _next: Next) -> Turn:
    named = [name_of(scene, app, code) for code in open_things.originals]
    address = (scene.office.data.get("letterhead") or {}).get("address") or ""
    return Turn("talk_original", {"documents": listed(named), "office_address": address}, question=False,
                case=str(app.id))  # fmt: skip


SEND, CHANGE = "send", "change"
SUMMARY = (
    Choice(SEND, Words("Kirim", "Send"), ("ya", "iya", "ya kirim", "ok", "oke", "benar", "betul", "sudah benar",
                                          "ya benar", "sudah betul", "yes")),
    Choice(CHANGE, Words("Ada yang salah", "Something is wrong"), ("ubah", "salah", "tidak", "belum", "belum benar",
                                                                   "change", "no")),
)  # fmt: skip


def _summary(scene: Scene, app: Application, open_things: Lacks, _next: Next) -> Turn:
    """All that will be sent, to be looked at once more."""
    return Turn("talk_summary", {
        "service_name": name_of_service(scene, app), "lines": _lines(scene, app),
        "waits": Words("Permohonan dikirim begitu ketua RT memberi pengantar.",
                       "It is sent as soon as the RT head has given the introduction.")
        if open_things.introduction == "requested" else "",
    }, SUMMARY, case=str(app.id))  # fmt: skip


_TURNS = {
    agenda.DOCUMENT: _document, agenda.FIELD: _field, agenda.PAGES: _pages, agenda.AGREEMENT: _agreement,
    agenda.INTRODUCTION: _introduction, agenda.ORIGINAL: _original, agenda.SUMMARY: _summary,
}  # fmt: skip

_LABELS: dict[str, Words] = {
    "name": Words("Nama", "Name"), "nik": Words("NIK", "NIK"), "birth_place": Words("Tempat lahir", "Place of birth"),
    "birth_date": Words("Tanggal lahir", "Date of birth"), "sex": Words("Jenis kelamin", "Sex"),
    "address": Words("Alamat", "Address"), "rt": Words("RT", "RT"), "rw": Words("RW", "RW"),
}  # fmt: skip


def _lines(scene: Scene, app: Application) -> list[Words]:
    """Labels and values. A number of a person is told only where the channel may, and then its last digits."""
    found = []
    for code, label in _LABELS.items():
        value = app.person["applicant"].get(code)
        if value and (code != "nik" or scene.talk.rules.get("numbers")):
            found.append(_line(label, _shown(code, str(value))))
    for one in scene.sop(app)["fields"]:
        code, value = one["code"], (app.person.get("details") or {}).get(one["code"])
        own = one["source"] == "applicant" and isinstance(value, str | int | float) and code not in APPLICANT
        if own and (not code.endswith("nik") or scene.talk.rules.get("numbers")):
            found.append(_line(Words(one["name"]["id"], one["name"]["en"]), _shown(code, str(value))))
    names = [name_of(scene, app, row["requirement"]) for row in current(scene, app)]
    return [*found, _line(Words("Berkas", "Papers"), listed(names).id)] if names else found


def _line(label: Words, value: str) -> Words:
    return Words(f"{label.id}: {value}", f"{label.en}: {value}")


def _shown(code: str, value: str) -> str:
    if code.endswith("nik"):
        return f"{'•' * 12}{value[-4:]}"
    if code.endswith(("_date", "_on")) and len(value) == 10:
        return "-".join(reversed(value.split("-")))
    return {"P": "Perempuan", "L": "Laki-laki"}.get(value, value) if code == "sex" else value


# --- names ------------------------------------------------------------------------------------------------------------


def name_of(scene: Scene, app: Application, code: str) -> Words:
    """What a requirement is called."""
    found = next((one for one in scene.sop(app)["requirements"] if one["code"] == code), None)
    return Words(found["name"]["id"], found["name"]["en"]) if found else Words(code, code)


def name_of_service(scene: Scene, app: Application) -> Words:
    name = scene.sop(app)["name"]
    return Words(name["id"], name["en"])


def listed(names: Sequence[Words]) -> Words:
    return Words(", ".join(one.id for one in names), ", ".join(one.en for one in names))


def passed_on(scene: Scene, app: Application | None) -> Turn:
    """What only a person can answer is with the office."""
    scene.for_office(app)
    return Turn("talk_office", {"office_phone": scene.office_phone}, question=False,
                case=str(app.id) if app else None).after(PASSED_ON)  # fmt: skip
