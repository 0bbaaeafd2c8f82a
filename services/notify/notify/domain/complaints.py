"""Which change of a complaint is told to whoever filed it, in which words: the other table of unasked messages. What he
did himself is not told, besides that it has come: by that he has his ticket in writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.complaining import AGAIN, CHANGES
from notify.domain import words
from notify.domain.copies import Names, Office, Recipient

Values = dict[str, str]

KINDS: Mapping[str, Names] = {
    "complaint": {"id": "pengaduan", "en": "complaint"},
    "wish": {"id": "usulan", "en": "wish"},
    "question": {"id": "pertanyaan", "en": "question"},
}
RESULTS: Mapping[str, Names] = {
    "silent": {"id": "keterangan tambahan belum kami terima", "en": "we have not received what we asked for"},
    "not_ours": {"id": "bukan wewenang kelurahan ini", "en": "this is not for our office to settle"},
    "duplicate": {"id": "sudah ada di tiket yang lain", "en": "another ticket says the same"},
    "not_a_matter": {"id": "tidak dapat kami tindak lanjuti", "en": "there is nothing that we can act on"},
}
"""Of those that it closes with; content, withdrawn and unopposed is his own doing."""
OF_OFFICE = frozenset({"not_ours", "duplicate", "not_a_matter"})


@dataclass(frozen=True)
class Facts:
    """What a notice can speak of."""

    data: Mapping[str, Any]
    office: Office
    to: Recipient
    public_url: str

    @property
    def text(self) -> str:
        """What the office wrote with it."""
        return str((self.data.get("person") or {}).get("text") or "")

    def day(self, name: str) -> str:
        """The office's day of one of its dates; nothing for none."""
        return words.local_date(self.data[name], self.office.zone, self.to.language)


@dataclass(frozen=True)
class Notice:
    """A template, when it is used, and what fills it besides what every notice has."""

    template: str
    when: Callable[[Facts], bool] = lambda _facts: True
    values: Callable[[Facts], Values] = lambda _facts: {}


def _filed(facts: Facts) -> Values:
    return {"check_date": facts.day("check_due_at")}


def _asked(facts: Facts) -> Values:
    return {"text": facts.text, "closes_date": facts.day("closes_at")}


def _closed(facts: Facts) -> Values:
    return {"text": facts.text, "reason": words.reason(RESULTS, facts.data["result"], facts.to.language)}


NOTICES: Mapping[str, tuple[Notice, ...]] = {f"complaint.{change}": () for change in (*CHANGES, AGAIN)} | {
    "complaint.filed": (Notice("complaint_filed", values=_filed),),
    "complaint.more_requested": (Notice("complaint_more", values=_asked),),
    "complaint.answered": (Notice("complaint_answered", values=_asked),),
    "complaint.closed": (
        Notice("complaint_closed", lambda facts: facts.data["result"] in OF_OFFICE, _closed),
        Notice("complaint_silent", lambda facts: facts.data["result"] == "silent", _closed),
    ),
}


def common(facts: Facts) -> Values:
    """What every notice may say."""
    return {
        "name": facts.to.name,
        "kind": KINDS[facts.data["kind"]][facts.to.language],
        "ticket": facts.data["ticket"],
        "office_name": facts.office.name,
        "office_phone": facts.office.phone,
        "link": f"{facts.public_url}/keluhan/{facts.data['ticket']}",
    }


def notice_for(event_type: str, facts: Facts) -> tuple[str, Values] | None:
    """The template of this event and what fills it, or None when nobody is told."""
    for notice in NOTICES[event_type]:
        if notice.when(facts):
            return notice.template, common(facts) | notice.values(facts)
    return None
