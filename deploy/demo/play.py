"""Plays the cases over HTTP: each person does what he or she does on that day, and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.demo import certificates, papers
from deploy.demo.by_hand import sign_and_scan
from deploy.demo.calendar import Days, at, choose_days, move_clock
from deploy.demo.client import DemoFailed, Person, wait_for
from deploy.demo.story import Story
from deploy.token import token_for

KELURAHAN = "16.71.10.1001"


@dataclass
class Case:
    """A story that is being played."""

    story: Story
    owner: Person
    id: str = ""
    tracking_code: str = ""
    letters: list[dict[str, Any]] = field(default_factory=list)


class Demo:
    """The whole demo on one stack. `say` is told each step as it happens."""

    def __init__(
        self, base_url: str, key: str, photos: Mapping[str, Path], stories: list[Story], say: Callable[[str], None]
    ) -> None:
        self._base_url = base_url
        self._key = key
        self._photos = photos
        self._say = say
        self.anyone = Person(base_url)
        self.administrator = self._person("administrator")
        self.officer = self._person("officer", sub="officer:yanti")
        self.lurah = self._person("lurah", sub="lurah:bukit-sangkal")
        self.cases = [Case(story, self._owner(story)) for story in stories]

    def play(self) -> Days:
        """Plays all cases from the first photo to the hand-over; the days on which it happened."""
        days = choose_days(self.anyone, KELURAHAN)
        self._keep_certificate()
        self._on(days.first, 8, self._apply, "applying, introductions, photos, receipt")
        self._on(days.second, 9, self._verify, "the RT heads look at the documents")
        self._on(days.third, 9, self._produce, "letters are issued and handed over")
        return days

    def _keep_certificate(self) -> None:
        """The lurah's certificate is made here, so that nobody stands behind it: letters say that."""
        pkcs12 = certificates.signer("Lurah Contoh", days=(-3650, 3650))
        body = {"pkcs12": base64.b64encode(pkcs12).decode(), "passphrase": certificates.PASSPHRASE}
        self.lurah.put("/v1/signatures/certificate", body)

    def _on(self, day: Any, hour: int, act: Callable[[Case], None], what: str) -> None:
        move_clock(self.administrator, self.anyone, at(day, hour))
        for case in self.cases:
            self._say(f"{day:%a %d %b}: {case.story.service}: {what}")
            act(case)

    # --- Friday ------------------------------------------------------------------------------------

    def _apply(self, case: Case) -> None:
        if case.story.way == "rt_head":
            self._begin_by_rt_head(case)
        else:
            self._begin(case)
        self._send_files(case)
        owner = case.owner
        if case.story.answers:
            self._let_neighbours_see(case)
        owner.post(f"/v1/applications/{case.id}/submission")
        if case.story.returned:
            self._mend(case)
        self.officer.post(f"/v1/applications/{case.id}/receipt")

    def _begin(self, case: Case) -> None:
        story = case.story
        body: dict[str, Any] = {
            "service": story.service,
            "applicant": dict(story.applicant),
            "contact": dict(story.contact),
            "details": dict(story.details),
        }
        if story.reason:
            body["reason"] = story.reason
        if story.helper:
            body["helper"] = dict(story.helper)
        self._remember(case, case.owner.post("/v1/applications", body))
        if story.helper:
            self._agree(case)
        case.owner.post(f"/v1/applications/{case.id}/introduction", {"purpose": story.purpose})
        link = self._link(case, "introduction_request")
        self.anyone.post(f"/v1/links/{link}/decision", {"decision": "grant"})
        self._until(case, lambda now: now["introduction"]["status"] == "granted", "introduction granted")

    def _let_neighbours_see(self, case: Case) -> None:
        """He is shown the text, and agrees to it: before that no neighbour is asked."""
        path = f"/v1/applications/{case.id}/consents"
        [asked] = [one for one in case.owner.get(path)["items"] if one["kind"] == "neighbours"]
        case.owner.put(f"{path}/neighbours", {"given": True, "text_version": asked["asked_version"]})

    def _agree(self, case: Case) -> None:
        """The applicant gets a code on her own phone, tells it to the helper, and wants messages to go to him."""
        case.owner.post(f"/v1/applications/{case.id}/consent/codes", {"phone": case.story.own_phone})

        def look() -> str | None:
            found = self.administrator.get("/v1/messages", application_id=case.id)["items"]
            texts = [message["text"] for message in found if message["template"] == "consent_code"]
            return texts[-1].split("Kode persetujuan: ")[1].split()[0] if texts else None

        code = wait_for(look, f"{case.story.service}: the consent code on the applicant's own phone")
        body = {"method": "code", "code": code, "messages_to": "helper"}
        case.owner.post(f"/v1/applications/{case.id}/consent", body)

    def _begin_by_rt_head(self, case: Case) -> None:
        """The RT head starts: a name, a number, a purpose; the resident takes the draft over and goes on."""
        story = case.story
        head = self._person("rt_head", sub="rt_head:demo", rt=story.applicant["rt"], rw=story.applicant["rw"])
        phone = story.contact["phone"]
        older = {message["id"] for message in self._invitations(phone)}  # of an earlier play on the same stack
        head.post(
            "/v1/tasks",
            {**story.contact, "purpose": story.purpose, "service": story.service},
        )
        message: dict[str, Any] = wait_for(
            lambda: next((found for found in self._invitations(phone) if found["id"] not in older), None),
            "the invitation to the resident",
        )
        values = dict(line.split(": ", 1) for line in message["text"].splitlines() if ": " in line)
        claimed = case.owner.post(
            "/v1/applications/claims",
            {"tracking_code": values["Kode lacak"].strip(), "code": values["Kode ambil"].strip()},
        )
        self._remember(case, claimed)
        changes: dict[str, Any] = {"applicant": dict(story.applicant), "details": dict(story.details)}
        if story.reason:
            changes["reason"] = story.reason
        case.owner.patch(f"/v1/applications/{case.id}", changes)

    def _invitations(self, phone: str) -> list[dict[str, Any]]:
        found = self.administrator.post("/v1/messages/search", {"phone": phone})["items"]
        return [message for message in found if message["template"] == "draft_opened"]

    def _send_files(self, case: Case) -> None:
        for requirement, spec in case.story.papers.items():
            self._send(case, requirement, spec, case.story.paper_key(requirement))
        self._wait_for_files(case)

    def _send(self, case: Case, requirement: str, spec: papers.PaperSpec, key: str) -> None:
        photo, content_type = self._photos[key], papers.content_type(spec)
        case.owner.upload(f"/v1/applications/{case.id}/files", requirement, photo, content_type)

    def _mend(self, case: Case) -> None:
        """The officer returns what cannot be used; the owner reads why, sends it anew and submits again."""
        items = [{"requirement": code, "problem": problem} for code, problem in case.story.returned.items()]
        self.officer.post(f"/v1/applications/{case.id}/return", {"items": items})
        for requirement, spec in case.story.mended.items():
            self._send(case, requirement, spec, case.story.mended_key(requirement))
        self._wait_for_files(case)
        case.owner.post(f"/v1/applications/{case.id}/resubmission")

    def _wait_for_files(self, case: Case) -> None:
        self._until(case, lambda now: all(file["status"] == "ready" for file in now["files"]), "photos looked at")

    # --- Tuesday and Wednesday ---------------------------------------------------------------------

    def _verify(self, case: Case) -> None:
        link = self._link(case, "attestation_request")
        task = self.anyone.get(f"/v1/links/{link}")
        for file in task["files"]:
            if not self.anyone.download(file["content_url"]):
                raise DemoFailed("the RT head sees an empty file")
        verdicts = [{"file_id": file["file_id"], "verdict": "genuine"} for file in task["files"]]
        named = {"witnesses": [dict(one) for one in case.story.neighbours]} if case.story.neighbours else {}
        self.anyone.post(f"/v1/links/{link}/decision", {"verdicts": verdicts} | named)
        for name, answer in case.story.answers.items():
            self._answer(case, name, answer)
        self._until(case, lambda now: now["status"] == "verified", "verified")
        wait_for(lambda: self._drafted(case), f"{case.story.service}: letters drafted")

    def _answer(self, case: Case, name: str, answer: str) -> None:
        """A neighbour opens his link, reads what is asked and what will be printed, and answers."""
        link = self._link(case, "statement_request", f"Yth. Bapak/Ibu {name},")
        question = self.anyone.get(f"/v1/links/{link}")
        if not question["question"] or not question["printed"]:
            raise DemoFailed("a neighbour is not told what is asked")
        self.anyone.post(f"/v1/links/{link}/decision", {"decision": answer})

    def _drafted(self, case: Case) -> list[dict[str, Any]]:
        letters = self.lurah.get("/v1/letters", application_id=case.id)["items"]
        of_office = [letter for letter in letters if letter["kind"] != "introduction"]
        ready = [letter for letter in of_office if letter["status"] in ("drafted", "numbered", "issued")]
        return ready if of_office and len(ready) == len(of_office) else []

    def _produce(self, case: Case) -> None:
        drafts = [one for one in self._drafted(case) if not one["form"] and one["status"] == "drafted"]
        for letter in drafts:
            self.lurah.download(f"/v1/letters/{letter['id']}/preview")
        if case.story.by_hand:
            for letter in drafts:
                self._sign_by_hand(letter)
        elif drafts:
            self._sign(drafts)
        self._until(case, lambda now: now["status"] == "issued", "letters issued")
        handover = wait_for(lambda: self._handover(case), "hand-over ready")
        received = dict(case.story.hand_over)
        if case.story.courier:
            received["code"] = self._carry(case, f"/v1/handovers/{handover['id']}")
        self.officer.post(f"/v1/handovers/{handover['id']}/completion", received)
        self._until(case, lambda now: now["status"] == "completed", "completed")

    def _sign(self, drafts: list[dict[str, Any]]) -> None:
        """The lurah signs all of them with his certificate; what was not prepared in time he asks for again."""
        orders = [{"letter_id": letter["id"], "preview_sha256": letter["preview_sha256"]} for letter in drafts]
        body = {"letters": orders, "method": "certificate", "passphrase": certificates.PASSPHRASE}

        def signed(answer: dict[str, Any]) -> bool:
            refused = [one["problem"] for one in answer["items"] if one["problem"]]
            if any(problem["type"] != "urn:problem:not-prepared" for problem in refused):
                raise DemoFailed(f"a letter is not signed: {refused}")
            return all(one["letter"]["status"] == "issued" for one in answer["items"])

        self.lurah.post_until("/v1/signatures", body, signed)

    def _sign_by_hand(self, letter: dict[str, Any]) -> None:
        """The lurah decides; the sheet is printed, signed and stamped; the officer scans it."""
        where = f"/v1/letters/{letter['id']}"
        decision = {"decision": "issue", "preview_sha256": letter["preview_sha256"], "method": "by_hand"}
        self.lurah.post(f"{where}/decision", decision)
        wait_for(lambda: self.officer.get(where)["prepared"], "the sheet to be signed")
        self.officer.upload_scan(f"{where}/scan", sign_and_scan(self.officer.download(f"{where}/sheet")))

    def _carry(self, case: Case, handover: str) -> str:
        """The owner sees what a courier costs, and chooses him; the recipient's code, as the message has it."""
        offered = {option["method"]: option for option in case.owner.get(handover)["options"]}
        if offered["courier"]["price"] is None:
            raise DemoFailed("the courier's price is not shown")
        case.owner.post(f"{handover}/choice", {"method": "courier"})
        self.officer.post(f"{handover}/dispatch", {"courier": case.story.courier})
        return self._code(case)

    def _handover(self, case: Case) -> dict[str, Any] | None:
        found = self.officer.get("/v1/handovers", application_id=case.id)["items"]
        return next((handover for handover in found if handover["status"] == "ready"), None)

    # --- what both need ----------------------------------------------------------------------------

    def _person(self, role: str, **more: Any) -> Person:
        return Person(self._base_url, token_for(self._key, role, kelurahan=KELURAHAN, **more))

    def _owner(self, story: Story) -> Person:
        return self.officer if story.way == "counter" else self._person("applicant")

    def _remember(self, case: Case, application: dict[str, Any]) -> None:
        case.id, case.tracking_code = application["id"], application["tracking_code"]

    def _until(self, case: Case, holds: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            now = self.officer.get(f"/v1/applications/{case.id}")
            return now if holds(now) else None

        return wait_for(look, f"{case.story.service}: {what}")

    def _link(self, case: Case, template: str, begins: str = "") -> str:
        """The token of the link in the newest message about this case to the RT head, or to who is named in it."""
        return self._message(case, template, begins).split("/t/")[1].split()[0]

    def _code(self, case: Case) -> str:
        """The code that the recipient has for the courier."""
        text = self._message(case, "courier_applicant_pays")
        return text.split("Kode penerima: ")[1].split()[0]

    def _message(self, case: Case, template: str, begins: str = "") -> str:
        def look() -> str | None:
            found = self.administrator.get("/v1/messages", application_id=case.id)["items"]
            texts = [message["text"] for message in found if message["template"] == template]
            return next((text for text in reversed(texts) if text.startswith(begins)), None)

        return wait_for(look, f"{case.story.service}: message {template}")
