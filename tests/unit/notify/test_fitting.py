"""A message cut down to what a channel can carry, and nothing of it lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.domain.fitting import Capability, Limits, Option, Part, one_line, parts, pieces, shortened

ALL: frozenset[Capability] = frozenset({"text", "buttons", "list", "document"})
TEXT_ONLY: frozenset[Capability] = frozenset({"text"})
LETTER = {"bucket": "documents-letters", "key": "k", "sha256": "0" * 64, "size": 64_210, "type": "application/pdf"}
LEFT_OUT = "Berkasnya terlalu besar."


def fitted(
    text: str, options: list[Option] | None = None, file: dict[str, Any] | None = None,
    can: frozenset[Capability] = ALL,
) -> tuple[Part, ...]:  # fmt: skip
    return parts(text, options or [], file, can, Limits(), LEFT_OUT)


def choices(*titles: str) -> list[Option]:
    return [Option(f"o{number}", title) for number, title in enumerate(titles, 1)]


@pytest.mark.parametrize(
    ("titles", "can", "kind"),
    [
        (["Ya", "Tidak", "Nanti"], ALL, "buttons"),
        (["Ya", "Tidak", "Nanti", "Menu"], ALL, "list"),
        (["Ya, semua berkas asli"], ALL, "list"),  # 21 characters
        (["Ya, semua berkas asl"], ALL, "buttons"),  # 20
        (["Sama", "Sama"], ALL, "list"),
        ([f"Pilihan {n}" for n in range(10)], ALL, "list"),
        ([f"Pilihan {n}" for n in range(11)], ALL, "text"),
        (["Ya", "Tidak"], TEXT_ONLY, "text"),
        ([], ALL, "text"),
    ],
)
def test_choices_are_buttons_else_a_list_else_digits(titles: list[str], can: frozenset[Capability], kind: str) -> None:
    text = "Apakah benar?\n" + "\n".join(f"{n}. {title}" for n, title in enumerate(titles, 1))
    (part,) = fitted(text, choices(*titles), can=can)
    assert (part.kind, part.text) == (kind, text.strip())
    assert [option.id for option in part.options] == (
        [f"o{n}" for n in range(1, len(titles) + 1)] if kind != "text" else []
    )


def test_a_line_of_a_list_has_its_digit_and_its_whole_title_somewhere() -> None:
    long = "Surat keterangan tempat usaha untuk warung dan toko kecil"
    (part,) = fitted(f"1. {long}\n2. KTP\n3. KK\n4. NIKAH", choices(long, "KTP", "KK", "NIKAH"))
    assert part.options[0] == Option("o1", "1. Surat keterangan…", long)
    assert part.options[1] == Option("o2", "2. KTP")
    assert all(len(one.title) <= 24 and len(one.description) <= 72 for one in part.options)


def test_a_text_too_long_to_stand_beside_choices_goes_with_its_digits_alone() -> None:
    text = "x" * 1000 + "\n1. Ya\n2. Tidak"
    assert fitted(text, choices("Ya", "Tidak"))[0].kind == "buttons"
    long = "x" * 1020 + "\n1. Ya\n2. Tidak"
    assert fitted(long, choices("Ya", "Tidak")) == (Part("text", long),)


def test_a_file_goes_under_its_text_and_before_a_longer_one() -> None:
    assert fitted("Surat Anda", file=LETTER) == (Part("file", "Surat Anda", file=LETTER),)
    long = "kata " * 300
    assert fitted(long, file=LETTER) == (Part("file", "", file=LETTER), Part("text", long.strip()))


@pytest.mark.parametrize(("can", "size"), [(TEXT_ONLY, 10), (ALL, 16_000_001)])
def test_of_a_file_that_cannot_go_along_it_is_said(can: frozenset[Capability], size: int) -> None:
    assert fitted("Surat Anda", file=LETTER | {"size": size}, can=can) == (Part("text", f"Surat Anda\n\n{LEFT_OUT}"),)
    assert fitted("Surat Anda", file=LETTER | {"size": 10})[0].kind == "file"


@given(st.text(alphabet="ab \n", max_size=400), st.integers(5, 60))
def test_pieces_say_together_all_that_was_said(text: str, most: int) -> None:
    found = list(pieces(text, most))
    assert all(0 < len(piece) <= most for piece in found) or text.strip() == ""
    assert "".join("".join(found).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=9), min_size=1, max_size=200))
def test_no_word_is_cut_where_words_fit(words: list[str]) -> None:
    assert " ".join(pieces(" ".join(words), 40)).split() == words


def test_paragraphs_stay_together_where_they_can() -> None:
    assert list(pieces("satu dua tiga\n\nempat lima enam", 20)) == ["satu dua tiga", "empat lima enam"]


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("Kartu Keluarga", 14, "Kartu Keluarga"), ("Kartu Keluarga baru", 15, "Kartu Keluarga…"),
     ("Kartu Keluarga baru", 14, "Kartu…"), ("Kartukeluarga", 6, "Kartu…")],
)  # fmt: skip
def test_what_is_shortened_ends_with_a_word_and_says_so(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short


def test_lines_become_one() -> None:
    assert one_line("- KTP: tidak   terbaca\n\n- KK: belum ada\n") == "KTP: tidak terbaca; KK: belum ada"


SAMPLE = LETTER | {"type": "image/png", "size": 18_000, "beside": True}


def test_a_picture_that_explains_the_words_is_one_message_with_them() -> None:
    (part,) = fitted("Kirim foto: Kartu Keluarga", file=SAMPLE)
    assert (part.kind, part.text, part.file) == ("file", "Kirim foto: Kartu Keluarga", SAMPLE)


@pytest.mark.parametrize(
    ("text", "titles", "can"),
    [("Kirim foto", [], TEXT_ONLY), ("panjang " * 200, [], ALL), ("Kirim foto", ["Nanti"], ALL)],
    ids=["a channel without pictures", "words that have no room under it", "choices, which have none either"],
)
def test_where_it_cannot_be_one_the_words_go_alone_and_nothing_is_said_of_it(
    text: str, titles: list[str], can: frozenset[Capability]
) -> None:
    found = fitted(text, choices(*titles), SAMPLE, can)
    assert len(found) == 1 and found[0].file is None and LEFT_OUT not in found[0].text
    assert (
        len(fitted(text, choices(*titles), LETTER, can)) > 1 or LEFT_OUT in fitted(text, file=LETTER, can=can)[0].text
    )
