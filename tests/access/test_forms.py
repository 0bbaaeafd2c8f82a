"""Every form of every page: sent with nothing typed it says what to do, and of what was typed nothing is lost.

The forms come from the routes that the services have, and where each begins from the tables beside this file: a new
page's form joins by its line there. Those that nothing is typed into are sent as they stand. `MAY_BE_EMPTY` and
`NOT_WALKED` have those that are right as they are, each with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.access import tables
from tests.access.calls import World
from tests.access.matrix import Size, Trial
from tests.access.test_matrix import routes_of
from tests.access.walking import BARE, EMPTY, Pages, Walk, lines_of, visited
from tests.architecture.code import SERVICES

pytestmark = pytest.mark.timeout(120)

MAY_BE_EMPTY = {
    "POST /intake/kantor/<part>": "what the office does not say is as it is shipped",
    "POST /intake/layanan/<code>/henti": "today, as the field says",
    "POST /intake/layanan/rancangan/<uuid:draft_id>/terbitkan": "today, as the field says",
    "POST /intake/permohonan/<uuid:application_id>/<step>": "a phone or a reason that there need not be",
    "POST /saya/<uuid:application_id>/batal": "nobody has to say why he does not want something any more",
    "POST /documents/surat/<uuid:letter_id>/paragraf": "left empty it is taken away, as the field says",
    "POST /documents/templat/<kind>": "a part that is left empty is printed as it is shipped",
}
NOT_WALKED = {
    "POST /masuk/lanjut": "where a form comes whose session is over; it has none of its own",
    "POST /masuk": "shown to who has asked for a code; tests/browser types a wrong one",
    "POST /saya/akun/sesi/<uuid:session_id>/akhiri": "a button at each other session; this is his only one",
    "POST /intake/kalender/<any(tutup, libur, tamu):part>/<int:place>/hapus": "a button at each day; here is none",
    "POST /notify/kontak/<uuid:contact_id>/tanpa-pengumuman": "a button at each who agreed to be told; here is none",
}


def page_forms() -> Iterator[tuple[str, str]]:
    for name in SERVICES:
        yield from ((name, line) for line in lines_of(name, "POST"))


@pytest.fixture(scope="package")
def pages(worlds: Callable[[str], World]) -> Callable[[str], Pages]:
    """All pages of a service, as whoever may see a page sees it first."""
    found: dict[str, Pages] = {}

    def of(name: str) -> Pages:
        if name not in found:
            found[name] = visited(name, worlds(name))
        return found[name]

    return of


@pytest.mark.parametrize("name", SERVICES)
def test_every_form_that_a_page_shows_is_in_the_table(name: str, pages: Callable[[str], Pages]) -> None:
    known = {line for each in SERVICES for line in tables.TABLES[each]}
    assert pages(name).forms and sorted(pages(name).forms.keys() - known) == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_form_that_only_asks_answers_whatever_is_typed(name: str, pages: Callable[[str], Pages]) -> None:
    assert pages(name).wrong == []
    assert pages(name).asking, "no page has a filter"


@pytest.mark.parametrize(("name", "line"), page_forms())
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    name: str, line: str, worlds: Callable[[str], World], pages: Callable[[str], Pages]
) -> None:
    world, route = worlds(name), tables.TABLES[name][line]
    method, _, rule = line.partition(" ")
    trial = Trial(world, method, rule, routes_of(name)[line], route, Size())
    wrong, taken = [], []
    if line in NOT_WALKED:
        pytest.skip(NOT_WALKED[line])
    for target in route.targets:
        walk = Walk(trial, target, [page.partition(" ")[2] for page in lines_of(name, "GET")])
        walk.walk(pages(name).forms.get(line, []))
        wrong += walk.wrong
        taken += walk.taken
    assert not wrong, f"{line}:\n  " + "\n  ".join(wrong)
    assert set(taken) <= {BARE, EMPTY}, f"{line}: {taken}"
    assert (EMPTY in taken) == (line in MAY_BE_EMPTY), f"{line}: say in MAY_BE_EMPTY why it may be empty"
