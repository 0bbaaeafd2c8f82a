"""Two cases by WhatsApp alone: people talk on their phones, and the office works as it always does.

rohana   a neighbour helps her; documents and data by the link that the conversation gives
mat      a business; photos, data and the letter in the chat, neighbours heard
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy.demo import cast
from deploy.demo.calendar import Days, choose_days
from deploy.demo.client import DemoFailed, Person, wait_for
from deploy.demo.phones import Talker, let_in, link_in
from deploy.demo.play import KELURAHAN, Case, Demo
from deploy.demo.story import Story
from deploy.whatsapp_simulator.client import Bubble, Simulator

ROHANA = next(story for story in cast.STORIES if story.name == "rohana")
MAT = replace(next(story for story in cast.STORIES if story.name == "mat"), way="self", details={}, neighbours=())
HEAD = ("0812 0000 0023", "M. Yusuf Effendi")
NEIGHBOURS = {
    "kiri": ("Tukiman", "0812 7100 0811"),
    "depan": ("Hj. Nur'aini", "0812 7100 0812"),
    "kanan": ("Ir. Sinaga", "0812 7100 0813"),
}
"""Whom the RT head names on each side of the warung; nobody lives behind it."""
INVITED = "sembilan angka"
"""How the survey after a finished case can be answered in the chat."""
SAID = {"confirm": "ya", "decline": "bukan urusan saya"}


class Talks(Demo):
    """The demo by phones. `goes_by` makes documents and letters go by `link` or `chat`: it is called before a case is
    applied for, and before its letters go out."""

    def __init__(
        self, base_url: str, key: str, photos: Mapping[str, Path], simulator: Simulator, goes_by: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        super().__init__(base_url, key, photos, [ROHANA, MAT], say)
        self._goes_by, self._way = goes_by, "link"
        self.head = Talker("Ketua RT 023", simulator.phone(*HEAD))
        self.helper = Talker(
            "Nur'aini, tetangga yang membantu", simulator.phone(ROHANA.contact["phone"], ROHANA.contact["name"])
        )
        self.rohana = Talker("Rohana", simulator.phone(str(ROHANA.own_phone), "Rohana"))
        self.mat = Talker("Cek Mat", simulator.phone(MAT.contact["phone"], "Cek Mat"))
        self.neighbours = {
            name: Talker(f"{name}, tetangga", simulator.phone(phone, name)) for name, phone in NEIGHBOURS.values()
        }

    @property
    def talkers(self) -> list[Talker]:
        """Everybody with a phone."""
        return [self.helper, self.rohana, self.mat, self.head, *self.neighbours.values()]

    def play(self) -> Days:
        """Plays both cases from "halo" to the hand-over; the days on which it happened."""
        days = choose_days(self.anyone, KELURAHAN)
        self._enrol()
        self._keep_certificate()
        self._on(days.first, 8, self._apply, "applying by WhatsApp, introduction, receipt")
        self._on(days.second, 9, self._verify, "the RT head and the neighbours answer")
        self._on(days.third, 9, self._produce, "letters are issued and handed over")
        self.helper.is_told(INVITED)
        self.mat.answers(self.mat.is_told(INVITED), "444343434", "Terima kasih")
        return days

    def _enrol(self) -> None:
        """The RT head sends the code of his printed sheet; that does not count among the messages of a case."""
        sheets = self.administrator.printed("/v1/officeholders/enrolments?rw=005&rt=023")
        mine = re.search(rf"{HEAD[1]}.*?(DAFTAR\s+\S+?)[<\s]", sheets, re.DOTALL)
        if mine:  # else he has done so before
            self.head.asks(" ".join(mine[1].split()), "terima kasih")
        self.head.begin()

    # --- Friday ------------------------------------------------------------------------------------

    def _apply(self, case: Case) -> None:
        self._take_its_way(case)
        if case.story.name == "mat":
            self._apply_in_chat(case)
        else:
            self._apply_by_link(case)
        self.officer.post(f"/v1/applications/{case.id}/receipt")

    def _take_its_way(self, case: Case) -> None:
        way = "chat" if case.story.name == "mat" else "link"
        if way != self._way:
            self._goes_by(way)
            self._way = way

    def _produce(self, case: Case) -> None:
        """The way is the office's and not the case's: the next one takes its own when this one's papers are told of."""
        self._take_its_way(case)
        super()._produce(case)
        if case.story.name == "mat":
            self.mat.is_told(lambda one: bool(one["file"]) and one["file"]["type"] == "application/pdf")
        else:
            self.helper.is_told("KTP-el sudah siap")

    def _apply_by_link(self, case: Case) -> None:
        """She is asked who it is for and why; the rest is done on the pages, behind the link."""
        story, aini = case.story, self.helper
        aini.asks("halo", "Layanan apa")
        aini.asks("KTP", "Ini untuk siapa")
        aini.asks("2", "nama lengkap")
        aini.asks(f"{story.applicant['name']}, RT 23", "Siapa nama Anda")
        aini.asks("Nur'aini, tetangga", "Mengapa")
        self._go_on_by_link(case, aini.asks("rusak", "/masuk/tautan/"))
        case.owner.patch(f"/v1/applications/{case.id}", {"applicant": self._lacking(case)})
        self._agree(case)
        self._send_files(case)
        self._introduce(case)
        case.owner.post(f"/v1/applications/{case.id}/submission")
        aini.is_told("sudah kami terima")

    def _agree(self, case: Case) -> None:
        """The code comes to Rohana's own phone; she reads it to her neighbour."""
        path = f"/v1/applications/{case.id}/consent"
        case.owner.post(f"{path}/codes", {"phone": case.story.own_phone})
        asked = self.rohana.is_told(lambda one: bool(_code(one)))
        case.owner.post(path, {"method": "code", "code": _code(asked), "messages_to": "helper"})

    def _apply_in_chat(self, case: Case) -> None:
        """Photos, then what no photo shows; his NIK he writes on the page, since the chat may not ask for it."""
        mat, story = self.mat, case.story
        mat.asks("halo", "Layanan apa")
        mat.asks("surat usaha", "Ini untuk siapa")
        mat.asks("saya sendiri", "nama lengkap")
        mat.asks("Cek Mat, RT 23", "KTP")
        mat.shows(self._photo(story, "KTP"), "KTP", "Pas foto")
        asked = mat.shows(self._photo(story, "PAS_FOTO"), "pas foto", "lahir")
        while "/masuk/tautan/" not in asked["text"]:
            asked = mat.asks(_answer(asked), "")
        self._go_on_by_link(case, asked)
        case.owner.patch(f"/v1/applications/{case.id}", {"applicant": self._lacking(case)})
        self._let_neighbours_see(case)
        mat.asks("kirim", "Begitu ketua RT memberi pengantar")
        self._introduce(case)
        mat.is_told("sudah kami terima")

    def _go_on_by_link(self, case: Case, came: Bubble) -> None:
        """The link lets its reader in, to the case that the conversation opened."""
        case.owner = Person(self._base_url, let_in(link_in(came, "/masuk/tautan/")))
        self._remember(case, case.owner.get("/v1/applications")["items"][0])

    def _lacking(self, case: Case) -> dict[str, Any]:
        """Of what is known of the applicant, what the conversation did not ask for."""
        known = case.owner.get(f"/v1/applications/{case.id}")["applicant"]
        return {name: value for name, value in case.story.applicant.items() if not known.get(name)}

    def _introduce(self, case: Case) -> None:
        """The RT head was asked by the conversation, and answers in a word."""
        asked = self.head.is_told(_about(case, "meminta surat pengantar"))
        self.head.answers(asked, "setuju", "Tercatat: surat pengantar")
        self._until(case, lambda now: now["introduction"]["status"] == "granted", "introduction granted")

    def _photo(self, story: Story, requirement: str) -> bytes:
        return self._photos[story.paper_key(requirement)].read_bytes()

    # --- Tuesday -----------------------------------------------------------------------------------

    def _verify(self, case: Case) -> None:
        asked = self.head.is_told(_about(case, "mohon diperiksa berkas"))
        came = self.head.answers(asked, "semua asli", "")
        while side := re.search(r"tetangga di sisi (\w+)", came["text"]):
            name, phone = NEIGHBOURS.get(side[1].lower(), ("", ""))
            came = self.head.asks(f"{name} {phone}" if name else "tidak ada", "")
        for name, answer in case.story.answers.items():
            question = self.neighbours[name].is_told("sebagai tetangga")
            self.neighbours[name].answers(question, SAID[answer], "Tercatat")
        self._until(case, lambda now: now["status"] == "verified", "verified")
        wait_for(lambda: self._drafted(case), f"{case.story.service}: letters drafted")


def _about(case: Case, words: str) -> Callable[[Bubble], bool]:
    """A message with these words about the case's applicant."""
    return lambda one: words in one["text"] and case.story.applicant["name"] in one["text"]


def _code(message: Bubble) -> str:
    found = re.search(r"\b\d{6}\b", message["text"])
    return found[0] if found else ""


def _answer(asked: Bubble) -> str:
    """What Cek Mat says to a question about himself or his business. Raises DemoFailed."""
    for words, answer in ANSWERS.items():
        if words in asked["text"].lower():
            return answer
    raise DemoFailed(f"Cek Mat has no answer to: {asked['text']}")


ANSWERS = {
    "kapan": "9 agustus 1979",
    "tanggal lahir": "9 agustus 1979",
    "lahir": str(MAT.applicant["birth_place"]),
    "perempuan atau laki-laki": "laki-laki",
    "nama usaha": "Pempek & Model Cek Mat",
    "jenis usaha": "Rumah makan",
    "alamat usaha": "sama dengan rumah",
    "pekerjaan": str(MAT.applicant["occupation"]),
    "kewarganegaraan": str(MAT.applicant["nationality"]),
    "agama": str(MAT.applicant["religion"]),
    "alamat": str(MAT.applicant["address"]),
    "sudah benar": "kirim",
}
"""By words of the question, the first that is in it."""
