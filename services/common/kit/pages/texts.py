"""The texts of pages: Indonesian in the templates, English in `texts/en.po` beside them (gettext's format, read as it
is: there is nothing to build)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from babel.messages.pofile import read_po

from kit.language import language

Texts = dict[str, str]


@cache
def english(package: str) -> Texts:
    """By the Indonesian text, the English one, of a package's pages."""
    file = resources.files(f"{package}.pages").joinpath("texts", "en.po")
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        found = read_po(opened, locale="en")
    return {str(one.id): str(one.string) for one in found if one.id and one.string}


def of(packages: Sequence[str]) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    """gettext and ngettext for templates that come from these packages."""
    known: Texts = {text: said for package in packages for text, said in english(package).items()}

    def gettext(text: str) -> str:
        return known.get(text, text) if language() == "en" else text

    def ngettext(one: str, many: str, number: int) -> str:
        return gettext(one if number == 1 else many)

    return gettext, ngettext
