"""What a turn has at hand: who writes, his cases, the office; and the way to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.telling import tell
from intake import samples
from intake.deps import Deps
from intake.domain.accounts import Account, claims_of
from intake.domain.applications import ENDED
from intake.domain.case import Actor, Application
from intake.domain.conversation.state import Talk
from intake.domain.conversation.steps import Facts
from intake.domain.conversation.turns import CHAT, Heard, Turn
from intake.known import Office
from intake.store import accounts, conversations, copies
from intake.store import applications as store
from intake.store import offices as office_rows
from intake.store.conversations import Conversation
from intake.usecases.offices import office, sop
from intake.usecases.talking import logins
from intake.usecases.tokens import posts_of
from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id
from kit.problems import Problem, Words

OPEN_FOR = timedelta(days=3)
"""So long a question of ours is open: what its reader writes meanwhile is for us."""
MOST_CASES = 10

Sop = dict[str, Any]


@dataclass
class Scene:
    """One turn of a conversation, which is locked. `meant`: the message says which case it is about; `settled` is the
    finished case that it was about and nothing else."""

    deps: Deps
    tx: Tx
    conversation: Conversation
    office: Office
    heard: Heard
    meant: bool = False
    settled: UUID | None = None

    @property
    def talk(self) -> Talk:
        return self.conversation.talk

    @property
    def language(self) -> str:
        return self.talk.language

    @property
    def by_chat(self) -> bool:
        """Whether documents come in the conversation."""
        return self.talk.rules.get("documents_by") == CHAT

    @property
    def today(self) -> date:
        return self.office.today(self.deps.clock.now())

    @property
    def office_phone(self) -> str:
        return str((self.office.data.get("address") or {}).get("phone") or "")

    def facts(self) -> Facts:
        """What the steps before a case ask about."""
        services = office_rows.catalogue(self.tx, self.office.code, self.today)
        heads = accounts.heads(self.tx, self.deps.data_keys, self.today)
        return Facts(services, copies.places(self.tx), heads, self.talk.phone is not None)

    # --- who writes ---------------------------------------------------------------------------------------------------

    def account(self, *, make: bool = False) -> Account | None:
        """The login of who writes; None where there is none yet, or it counts no more."""
        wrote = bool(self.heard.message_id)
        return logins.of(self.deps, self.tx, self.conversation, wrote=wrote, make=make)

    def caller(self) -> Caller | None:
        """Who acts, as a page would have him."""
        account = self.account(make=True)
        if account is None:
            return None
        roles, claims, _ = claims_of(account.roles, posts_of(self.deps, self.tx, account))
        return Caller(str(account.id), frozenset(roles), self.office.code, dict(claims))

    # --- his cases ----------------------------------------------------------------------------------------------------

    def cases(self) -> list[Application]:
        """His cases that have not ended, the newest first."""
        return [app for app in self._all() if app.status not in ENDED]

    def last_ended(self) -> Application | None:
        """The newest of those that have."""
        return next((app for app in self._all() if app.status in ENDED), None)

    def _all(self) -> list[Application]:
        account = self.account()
        if account is None:
            return []
        found = store.of_owner(self.tx, self.deps.data_keys, str(account.id), {}, None, MOST_CASES)
        return [app for app in found if app.held_by(str(account.id))]

    def case(self) -> Application | None:
        """The one that the talk is about: that of the question, else the chosen one, else the one opened last."""
        known = self.cases()
        wanted = self.talk.asked_of if self.talk.is_of_case else self.talk.case
        chosen = next((app for app in known if str(app.id) == wanted), None) or next(iter(known), None)
        self.talk.case = str(chosen.id) if chosen else None
        return chosen

    def place(self) -> str | None:
        """The case (id as text) of what came just now: one that it names or quotes, else that of the question, even if
        that has ended meanwhile. None while a case is about to be opened, and where there is none."""
        quoted = self.talk.about.get(self.heard.replies_to or "") or self.heard.case
        if quoted is not None or self.lost():
            return quoted or self.talk.asked_of
        if self.talk.is_opening and not self.meant:
            return None
        app = self.case()
        return str(app.id) if app else None

    def placed(self) -> Application | None:
        """The same, if it is open to him."""
        place = self.place()
        return next((app for app in self.cases() if str(app.id) == place), None)

    def lost(self) -> bool:
        """Whether what was asked, or is quoted, is of a case that is not open to him any more: an answer to it says
        nothing of another one."""
        talk = self.talk
        quoted = talk.about.get(self.heard.replies_to or "") or self.heard.case
        wanted = quoted or (talk.asked_of if talk.is_of_case else None)
        return wanted is not None and all(str(app.id) != wanted for app in self.cases())

    def locked(self, application_id: UUID) -> tuple[Application, Actor] | None:
        """His case for a change; None when it is his no more."""
        who = self.caller()
        app = store.lock(self.tx, self.deps.data_keys, application_id) if who else None
        if app is None or who is None or not app.held_by(who.subject):
            return None
        self.conversation.knows(app.id)
        return app, Actor.towards(who.subject, who.roles, app)

    def sop(self, app: Application) -> Sop:
        return sop(self.deps, self.tx, app.kelurahan, app.service, app.sop_version)

    def name_of(self, app: Application) -> Words:
        """Which of several cases is meant: `Pengantar KTP-el, Siti Maimunah (XW2RB)`."""
        name, who = self.sop(app)["name"], app.person["applicant"]["name"]
        short = app.tracking_code[-5:]
        return Words(f"{name['id']}, {who} ({short})", f"{name['en']}, {who} ({short})")

    def which(self, app: Application) -> Words | None:
        """Said in front, where there is more than one case that it could be about."""
        if len(self.cases()) < 2:
            return None
        name = self.name_of(app)
        return Words(f"Tentang {name.id}:", f"About {name.en}:")

    # --- answering ----------------------------------------------------------------------------------------------------

    def for_office(self, app: Application | None = None) -> None:
        """This message is a person's to answer."""
        if not self.heard.message_id:
            return
        if self.talk.is_opening and not self.meant:
            app = None
        conversations.note_message(self.tx, UUID(self.heard.message_id), app.id if app else None, office=True)

    def tell(self, turn: Turn) -> None:
        """Asks notify to send it; the talk remembers what it was about. Raises ValueError for one without words."""
        if turn.template == "talk_note" and not turn.values.get("before"):
            raise ValueError("a message without a word in it")
        message_id, language = new_id(), self.language
        case = UUID(turn.case) if turn.case else None
        self.talk.told_about(str(message_id), turn.case, question=turn.question)
        if turn.question:
            self.talk.told_question([one.id for one in turn.choices], turn.case)
        now = self.deps.clock.now()
        values = {
            name: put(value, language) for name, value in ({"before": [], "options": []} | dict(turn.values)).items()
        }
        tell(
            self.tx, self.deps.event_keys, "message.requested", subject=message_id, tenant=self.office.code, time=now,
            data={
                "message_id": message_id, "kelurahan": self.office.code, "template": turn.template,
                "message_class": "answer", "application_id": case, "tracking_code": None,
                "expires_at": now + OPEN_FOR if turn.question else None,
                "contact_id": self.conversation.contact_id, "replies_to": self.heard.message_id or None,
                "file": self._sample(turn.sample),
            },
            person={
                "to": {"name": self.talk.name, "phone": self.talk.phone, "language": language},
                "values": values, "options": [one.option(language) for one in turn.choices],
            },
        )  # fmt: skip

    def _sample(self, code: str | None) -> dict[str, Any] | None:
        """The picture that goes with the first question for a paper."""
        if code is None or not self.talk.shows_sample(code):
            return None
        return samples.of(code).as_file(self.deps.settings.s3_bucket)


def put(value: Any, language: str) -> Any:
    """`Words` in a language, wherever they are."""
    if isinstance(value, Words):
        return value.in_language(language)
    if isinstance(value, list | tuple):
        return [put(one, language) for one in value]
    return value


def in_sentences(problem: Problem, language: str) -> str:
    """A refusal as a person reads it: the sentence of each field, or its own."""
    found = list(dict.fromkeys(_sentences(problem.errors or {}, language)))
    if found:
        return " ".join(found)
    return (problem.detail or problem.title).in_language(language)


def _sentences(errors: Any, language: str) -> list[str]:
    if isinstance(errors, Words):
        return [errors.in_language(language)]
    if isinstance(errors, Mapping):
        return [one for value in errors.values() for one in _sentences(value, language)]
    if isinstance(errors, list | tuple):
        return [one for value in errors for one in _sentences(value, language)]
    return [str(errors)] if errors else []


def scene(deps: Deps, tx: Tx, conversation: Conversation, heard: Heard) -> Scene:
    """Raises OfficeUnknown."""
    return Scene(deps, tx, conversation, office(deps, tx, conversation.kelurahan), heard)


def refused(problem: Problem) -> Words:
    """A refusal in both languages."""
    return Words(in_sentences(problem, "id"), in_sentences(problem, "en"))
