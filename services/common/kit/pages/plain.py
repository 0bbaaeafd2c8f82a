"""What schemas say of a field, in plain words: they speak English, and to programmers."""

from __future__ import annotations

import re

from kit.problems import Words

_SAID: list[tuple[re.Pattern[str], Words]] = [
    (re.compile(pattern), Words(indonesian, english))
    for pattern, indonesian, english in (
        (r"Missing data for required field\.|Field may not be null\.", "Harus diisi.", "This is required."),
        (r"Length must be between (\d+) and (\d+)\.", r"Dari \1 sampai \2 huruf.", r"From \1 to \2 characters."),
        (r"Length must be (\d+)\.", r"Harus \1 huruf atau angka.", r"It must have \1 characters."),
        (r"Longer than maximum length (\d+)\.", r"Paling banyak \1 huruf.", r"At most \1 characters."),
        (r"Shorter than minimum length (\d+)\.", r"Paling sedikit \1 huruf.", r"At least \1 characters."),
        (r"Must be one of: .*\.", "Pilih salah satu.", "Please choose one."),
        (r"Not a valid (?:date|datetime|time)\.", "Tanggal tidak benar.", "This is no date."),
        (r"Not a valid (?:integer|number)\.", "Isi dengan angka.", "Please type a number."),
        (r"Not a valid \w+\.", "Isian tidak benar.", "This is not right."),
        (r"String does not match expected pattern\.", "Bentuknya tidak benar.", "This does not have the right form."),
    )
]


def plain(said: str, language: str) -> str:
    """The sentence for people; one that is for people already stays as it is."""
    for pattern, words in _SAID:
        if found := pattern.fullmatch(said):
            return found.expand(words.in_language(language))
    return said
