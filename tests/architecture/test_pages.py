"""What holds for every page: its texts are there in English, and it asks nothing of anybody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from contracts.pages import MENU
from kit.pages import Entry
from kit.pages.texts import english
from tests.architecture.code import COMMON, ROOT, SERVICES, package

PLACES = {"kit": COMMON / "kit" / "pages"} | {name: package(name) / "pages" for name in SERVICES}
WITH_PAGES = {name: place for name, place in PLACES.items() if (place / "templates").is_dir()}

_FORBIDDEN = re.compile(r"https?://[^\s\"']+|\bstyle=|\bon\w+=\"|<style|@import|\|\s*safe\b|autoescape false")


def texts(place: Path) -> set[str]:
    """Every text of the templates, as gettext names it."""
    found = extract_from_dir(
        place / "templates", [("**.html", "jinja2")], keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
        options_map={"**.html": {"trimmed": "true"}},
    )  # fmt: skip
    return {text for _, _, said, _, _ in found for text in ([said] if isinstance(said, str) else said)}


@pytest.mark.parametrize("name", WITH_PAGES)
def test_every_text_of_a_page_is_there_in_english(name: str) -> None:
    wanted = texts(WITH_PAGES[name])
    assert wanted
    assert sorted(wanted - english(name).keys()) == []


@pytest.mark.parametrize("name", WITH_PAGES)
def test_no_text_is_translated_that_no_page_has(name: str) -> None:
    with (WITH_PAGES[name] / "texts" / "en.po").open("rb") as opened:
        known = {str(one.id) for one in read_po(opened) if one.id}
    assert sorted(known - texts(WITH_PAGES[name])) == []


@pytest.mark.parametrize("name", WITH_PAGES)
def test_placeholders_are_the_same_in_both_languages(name: str) -> None:
    def named(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)\w", text))

    assert [text for text, said in english(name).items() if named(text) != named(said)] == []


@pytest.mark.parametrize("name", WITH_PAGES)
def test_pages_carry_no_style_or_script_of_their_own_and_name_no_other_host(name: str) -> None:
    wrong = []
    for path in [*WITH_PAGES[name].glob("templates/**/*.html"), *WITH_PAGES[name].glob("static/*.[cj]s*")]:
        text = re.sub(r'xmlns="[^"]*"', "", path.read_text("utf-8"))
        wrong += [f"{path.name}: {found}" for found in _FORBIDDEN.findall(text)]
    assert wrong == []


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.address)
def test_the_menu_leads_people_to_pages_that_they_may_see(entry: Entry) -> None:
    lines = (ROOT / "tests" / "access" / "who_may.txt").read_text("utf-8").splitlines()
    may = {line.split()[1]: set(line.split()[2:]) for line in lines if line.startswith("GET ")}
    assert entry.roles <= may[entry.address]
