"""The survey after a finished case (SKM, PermenPANRB 14/2017): nine elements, each answered on a scale of four."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.surveying import HIGHEST, nine_digits
from intake.domain.conversation import words
from kit.problems import Conflict, NotFound, Problem, Words

HOLDS = timedelta(days=14)
"""So long after the case's end it can be answered."""
SCORES = tuple(range(1, HIGHEST + 1))
MOST_COMMENT = 1000


@dataclass(frozen=True)
class Element:
    """One of the nine: its code, its name, what is asked of it, and the words of its four answers from 1 to 4."""

    code: str
    name: Words
    question: Words
    answers: tuple[Words, Words, Words, Words]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "U1", Words("Persyaratan", "Requirements"),
        Words("Apakah syarat yang diminta sesuai dengan layanannya?",
              "Did what was asked for suit the service?"),
        (Words("Tidak sesuai", "Not at all"), Words("Kurang sesuai", "Not quite"), Words("Sesuai", "Yes"),
         Words("Sangat sesuai", "Very well")),
    ),
    Element(
        "U2", Words("Cara pelayanan", "Procedure"),
        Words("Apakah cara mengurusnya mudah?", "Was the procedure easy?"),
        (Words("Tidak mudah", "Not easy"), Words("Kurang mudah", "Not quite easy"), Words("Mudah", "Easy"),
         Words("Sangat mudah", "Very easy")),
    ),
    Element(
        "U3", Words("Waktu", "Time"),
        Words("Apakah pelayanannya cepat?", "Was the service quick?"),
        (Words("Tidak cepat", "Not quick"), Words("Kurang cepat", "Not quite quick"), Words("Cepat", "Quick"),
         Words("Sangat cepat", "Very quick")),
    ),
    Element(
        "U4", Words("Biaya", "Cost"),
        Words("Bagaimana biaya yang Anda bayar?", "How was the cost that you paid?"),
        (Words("Sangat mahal", "Very expensive"), Words("Cukup mahal", "Rather expensive"), Words("Murah", "Cheap"),
         Words("Gratis", "Free")),
    ),
    Element(
        "U5", Words("Hasil pelayanan", "Product"),
        Words("Apakah surat yang Anda terima sesuai dengan yang dijanjikan?",
              "Was the letter that you got what had been promised?"),
        (Words("Tidak sesuai", "Not at all"), Words("Kurang sesuai", "Not quite"), Words("Sesuai", "Yes"),
         Words("Sangat sesuai", "Very well")),
    ),
    Element(
        "U6", Words("Kemampuan petugas", "Competence of the staff"),
        Words("Apakah petugas mampu mengerjakan tugasnya?", "Were the staff able to do their work?"),
        (Words("Tidak mampu", "Not able"), Words("Kurang mampu", "Not quite able"), Words("Mampu", "Able"),
         Words("Sangat mampu", "Very able")),
    ),
    Element(
        "U7", Words("Sikap petugas", "Behaviour of the staff"),
        Words("Apakah petugas sopan dan ramah?", "Were the staff polite and friendly?"),
        (Words("Tidak sopan dan ramah", "Not polite or friendly"),
         Words("Kurang sopan dan ramah", "Not quite polite or friendly"),
         Words("Sopan dan ramah", "Polite and friendly"), Words("Sangat sopan dan ramah", "Very polite and friendly")),
    ),
    Element(
        "U8", Words("Sarana dan prasarana", "Facilities"),
        Words("Bagaimana sarana yang Anda pakai: kantor, halaman web, atau WhatsApp?",
              "How were the facilities that you used: the office, the pages, or WhatsApp?"),
        (Words("Buruk", "Bad"), Words("Cukup", "Fair"), Words("Baik", "Good"), Words("Sangat baik", "Very good")),
    ),
    Element(
        "U9", Words("Penanganan pengaduan", "Handling of complaints"),
        Words("Bagaimana keluhan dan pertanyaan ditangani?", "How were complaints and questions handled?"),
        (Words("Tidak ada tempat mengadu", "There was nowhere to complain"),
         Words("Ada, tetapi tidak ditangani", "There was, but nothing was done"),
         Words("Ditangani, tetapi kurang baik", "They were handled, but not well"),
         Words("Ditangani dengan baik", "They were handled well")),
    ),
)  # fmt: skip
"""In the order of the regulation, which is that of the digits of an answer in chat."""
assert len(ELEMENTS) == 9

Scores = tuple[int, ...]
"""Nine, in the order of `ELEMENTS`."""


@dataclass(frozen=True)
class Given:
    """An answer: nine scores, and what somebody wrote besides."""

    scores: Scores
    comment: str | None = None


class Wrong:
    """What was sent looks like an answer, and is none."""


WRONG = Wrong()
_SEPARATORS = r"[\s,.;:/|-]"
_DIGITS = re.compile(rf"[0-9](?:[0-9]|{_SEPARATORS})*\Z")
_FEWEST, _MOST = 5, 14
"""So many digits that nobody asked for are taken for an answer that went wrong."""


def in_chat(text: str, *, quoted: bool) -> Given | Wrong | None:
    """Nine digits from 1 to 4 as people write them (`444343434`, `4 4 4 3 …`), and a comment after them; None for what
    is something else. `quoted`: it answers the invitation, so that whatever digits it begins with are meant for it."""
    if (found := nine_digits(text)) is not None:
        scores, after = found
        comment = after[:MOST_COMMENT].strip()
        return Given(scores, comment if any(sign.isalnum() for sign in comment) else None)
    said = words.plain(text)
    if quoted:
        return WRONG if said[:1].isdigit() else None
    if not _DIGITS.match(said):
        return None
    return WRONG if _is_alike(said) else None


def is_scored(text: str) -> bool:
    """Whether it begins as an answer to the nine questions does, right or wrong: a comment may follow. `2 hari lagi?`
    and a telephone number are none."""
    begins = re.match(rf"(?:[0-9]{_SEPARATORS}*)+", words.plain(text))
    return begins is not None and _is_alike(begins[0])


def _is_alike(said: str) -> bool:
    digits = [sign for sign in said if sign.isdigit()]
    alike = len(digits) == len(ELEMENTS) or all(sign in "1234" for sign in digits)
    return alike and _FEWEST <= len(digits) <= _MOST


def are_scores(scores: Sequence[int]) -> bool:
    """Whether there is one of four for each of the nine."""
    return len(scores) == len(ELEMENTS) and all(score in SCORES for score in scores)


class NoSuchPeriod(NotFound):
    """Not a month or a year."""

    slug = "no-such-period"
    title = Words("Bulan atau tahun tidak dikenal", "There is no such month or year")
    detail = Words("Tulis seperti 2026 atau 2026-08.", "Write it as 2026 or 2026-08.")


def months_of(period: str) -> tuple[date, date]:
    """The first days of the first and the last month of `2026` or `2026-08`. Raises NoSuchPeriod."""
    if re.match(r"20[0-9]{2}\Z", period):
        return date(int(period), 1, 1), date(int(period), 12, 1)
    if re.match(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", period):
        return date.fromisoformat(f"{period}-01"), date.fromisoformat(f"{period}-01")
    raise NoSuchPeriod


def is_past(last: date, today: date) -> bool:
    """Whether a period is over whose last month begins on this day. Of one that still grows nothing is published: each
    new answer could be told from what changed."""
    return (last.year, last.month) < (today.year, today.month)


IN_PLACE = "(jawaban survei)"
"""What stands among the messages of somebody where he answered: the answer is kept without his name."""


class NoSurvey(NotFound):
    """No invitation has this link, or its case is erased."""

    slug = "survey-unknown"
    title = Words("Tautan survei tidak dikenal", "There is no such survey")
    detail = Words(
        "Periksa tautannya di pesan yang Anda terima. Survei hilang bersama data permohonannya.",
        "Check the link in the message that you got. A survey goes with the data of its case.",
    )


class SurveyOver(Problem):
    """Its time is over."""

    status, slug = 410, "survey-over"
    title = Words("Survei ini sudah berakhir", "This survey is over")
    detail = Words(
        "Tautannya hanya berlaku 14 hari. Masukan tetap boleh disampaikan ke kantor kelurahan.",
        "Its link counted for 14 days. The kelurahan is still glad to hear from you.",
    )


class Answered(Conflict):
    """There is one answer of a case, and it stands."""

    slug = "survey-answered"
    title = Words("Survei ini sudah dijawab", "This survey was answered already")
    detail = Words(
        "Setiap permohonan dijawab satu kali. Jawaban yang pertama yang dihitung. Terima kasih.",
        "Each case is answered once, and the first answer counts. Thank you.",
    )
