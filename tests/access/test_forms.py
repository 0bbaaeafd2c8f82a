"""Every form of every page: sent with nothing typed it says what to do, and of what was typed nothing is lost.

The forms come from the routes that the services have, and where each begins from the tables beside this file: a new
page's form joins by its line there. Those that nothing is typed into are sent as they stand. `MAY_BE_EMPTY` and
`NOT_WALKED` have those that are right as they are, each with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from os.path import commonprefix
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from kit.pages.forms import CSRF, OF_OURS, SHOWN_AT
from tests.access import tables
from tests.access.calls import Call, Target, World
from tests.access.matrix import Size, Trial
from tests.access.test_matrix import routes_of
from tests.architecture.code import SERVICES, app_of
from tests.support.page_forms import Field, PageForm, Read, read

pytestmark = pytest.mark.timeout(120)

WORDS = "Tetap ini & <b>"
"""What is typed into whatever takes words: it makes no number, phone, day or code."""
LONG = WORDS * 1000
"""More than any field takes."""
TYPED_ANEW = frozenset({"password", "file"})
"""What no page shows again."""
OURS = {CSRF: "a-page-of-ours", SHOWN_AT: "/"}

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
}
WHERE_SHOWN = {"POST /documents/buku/<int(min=1900, max=9999):year>/seri": "?seri=office"}
"""What the address of the page with the form has besides."""

SAID_OF_ANY = frozenset({"Harus diisi.", "Isian ini tidak sah.", "Bukan tanggal yang benar."})
"""What may be said of many fields, so that it says nothing without the field's name."""


def lines_of(name: str, method: str) -> list[str]:
    """The routes of a service's pages that are in its table."""
    lines = sorted(routes_of(name).keys() & tables.TABLES[name].keys())
    return [line for line in lines if line.startswith(f"{method} ") and " /v1/" not in line]


def page_forms() -> Iterator[tuple[str, str]]:
    for name in SERVICES:
        yield from ((name, line) for line in lines_of(name, "POST"))


def sent(call: Call, fields: list[tuple[str, str]]) -> Call:
    """The same form with these fields, as it would be sent: one for files in its own way."""
    fields = [*fields, *OURS.items()]
    if call.form is not None or (call.raw and call.raw[1].startswith("multipart/")):
        return replace(call, raw=None, form=lambda: MultiDict(fields))
    return replace(call, raw=(urlencode(fields).encode(), "application/x-www-form-urlencoded"))


def empty(form: PageForm) -> list[tuple[str, str]]:
    """What a browser sends of it when everything that one types is empty."""
    buttons = [(one.name, one.value) for one in form.fields if one.kind == "button"]
    return [(one.name, one.value if one.kind == "hidden" else "") for one in form.fields if _goes(one)] + buttons[:1]


def typed(form: PageForm, leaving: set[str], words: str) -> list[tuple[str, str]]:
    """Words in each field that takes them and a choice wherever there is one, but for those that are left out."""
    filled: dict[tuple[str, str], tuple[str, str]] = {}
    for one in form.fields:
        if one.name in OF_OURS or one.kind in ("file", "button"):
            continue
        left = any(one.name == name or one.name.startswith(f"{name}-") for name in leaving)
        key = (one.name, one.value if one.kind == "checkbox" else "")
        if one.kind == "hidden":
            filled[key] = (one.name, one.value)
        elif one.kind in ("radio", "checkbox"):
            filled |= {} if left else {key: (one.name, one.value)}
        elif one.kind == "select":
            filled[key] = (one.name, one.choices[-1] if one.choices and not left else "")
        else:
            filled[key] = (one.name, "" if left else words)
    return list(filled.values())


def _goes(one: Field) -> bool:
    """Whether a browser sends it of a form that nobody touched but to empty it."""
    return one.name not in OF_OURS and one.kind not in ("radio", "checkbox", "file", "button")


def lost(fields: list[tuple[str, str]], before: PageForm, after: PageForm) -> list[str]:
    """What was typed into the form and does not stand there any more."""
    kinds = {one.name: one.kind for one in before.fields}
    there = {(one.name, one.value) for one in after.fields if one.chosen}
    return [
        f"{name}={value}"
        for name, value in fields
        if value and kinds[name] not in TYPED_ANEW | {"hidden"} and (name, value) not in there
    ]


Shown = dict[str, list[PageForm]]
"""The forms that pages show, by the route that each is sent to."""


class Walk:
    """A form that is sent a few times by who may, and what is wrong with the answers."""

    def __init__(self, trial: Trial, target: Target, pages: list[str]) -> None:
        self._trial, self._target = trial, target
        self._call = target.make(trial.world)
        names = set(self._call.ids)
        self._pages = [rule for rule in pages if set(_PLACES.findall(rule)) <= names]
        self.wrong: list[str] = []
        self.taken: list[str] = []

    @property
    def path(self) -> str:
        return self._call.path(self._trial.rule)

    def send(self, fields: list[tuple[str, str]], what: str) -> Read | None:
        """The page that says what is wrong; None when there is none, as the form was taken or it has no summary."""
        answer = self._trial.by_who_may(sent(self._call, fields), self._target)
        text = bytes(answer.data).decode(errors="replace")
        found = read(text)
        if answer.status_code >= 500:
            self.wrong.append(f"{what}: {answer.status_code}")
        elif found.summary is None:
            taken = answer.status_code < 400
            self.taken += [what] if taken else []
            self.wrong += [] if taken else [f"{what}: {answer.status_code} without a summary: {_main(text)}"]
        elif len(found.summary.split()) < 4:
            self.wrong.append(f"{what}: the summary says too little: {found.summary}")
        return found if found.summary is not None else None

    def walk(self, shown: list[PageForm]) -> None:
        """First what no browser sends; then the form with everything empty; then with words wherever they go."""
        form = self._form()
        bare = self.send([], _BARE)
        form = form or (bare and bare.form_of(self.path)) or next(iter(shown), None)
        if form is None:
            self.wrong.append("no page shows this form")
            return
        if bare is None:
            self.wrong = [
                one for one in self.wrong if "without a summary" not in one
            ]  # there was no page to come back to
            form = self._anew(form)
        nothing = self.send(empty(form), _EMPTY)
        if not _types(form):
            self.taken = []
            return
        if nothing is None:
            form = self._anew(form)
        self._check_links(nothing)
        leaving = {link[1:] for link in nothing.links} if nothing else set()
        fields = typed(form, leaving, WORDS if nothing else LONG)
        much = self.send(fields, _TYPED)
        if much is None:
            return
        self._check_links(much)
        after = much.form_of(self.path, *(name for name, _ in fields))
        if gone := lost(fields, form, after) if after else ["the form"]:
            self.wrong.append(f"what was typed is gone: {gone}")

    def _anew(self, form: PageForm) -> PageForm:
        """The same form of another thing, as the one was used up."""
        self._call = self._target.make(self._trial.world)
        return self._form() or form

    def _form(self) -> PageForm | None:
        """As a page shows it of which the address has nothing but what the form's has; the nearest page first."""
        for rule in sorted(self._pages, key=lambda rule: -len(commonprefix([rule, self._trial.rule]))):
            ids = {name: value for name, value in self._call.ids.items() if f"{name}>" in rule}
            query = WHERE_SHOWN.get(f"POST {self._trial.rule}", "")
            call = Call(ids, query, page=True, headers=self._call.headers, token=self._call.token)
            answer = replace(self._trial, method="GET", rule=rule).by_who_may(call, self._target)
            found = read(bytes(answer.data).decode(errors="replace")).form_of(self.path)
            if answer.status_code < 300 and found:
                return found
        return None

    def _check_links(self, page: Read | None) -> None:
        """Each says what it is about and leads to where it is mended."""
        if page is None:
            return
        if nowhere := [link for link in page.links if link.startswith("#") and link[1:] not in page.ids]:
            self.wrong.append(f"the summary leads to {nowhere}, which the page has not: {page.summary}")
        if nameless := [link for link, said in zip(page.links, page.said, strict=True) if said in SAID_OF_ANY]:
            self.wrong.append(f"the summary does not name {nameless}: {page.said}")


_PLACES = re.compile("<(?:[^<>]*:)?([a-z_]+)>")
_BARE, _EMPTY, _TYPED = "with nothing at all", "with everything empty", "with words where they go"


def _types(form: PageForm) -> bool:
    return any(one.kind not in ("hidden", "button") for one in form.fields)


def _main(text: str) -> str:
    return re.sub("<[^>]+>|\\s+", " ", text.partition("<main")[2].partition("</main>")[0])[:300]


@pytest.fixture(scope="package")
def shown(worlds: Callable[[str], World]) -> Callable[[str], Shown]:
    """All forms of all pages of a service, as whoever may see a page sees it first."""
    found: dict[str, Shown] = {}

    def of(name: str) -> Shown:
        if name not in found:
            found[name] = _all_forms(name, worlds(name))
        return found[name]

    return of


def _all_forms(name: str, world: World) -> Shown:
    shown: Shown = {}
    routes, where = routes_of(name), app_of(name).url_map.bind("localhost")
    for line in lines_of(name, "GET"):
        route = tables.TABLES[name][line]
        trial = Trial(world, "GET", line.partition(" ")[2], routes[line], route, Size())
        for target in route.targets:
            answer = trial.by_who_may(replace(target.make(world), page=True), target)
            for form in read(bytes(answer.data).decode(errors="replace")).forms if answer.status_code < 300 else ():
                if form.method == "post":
                    shown.setdefault(_rule(where, form), []).append(form)
    return shown


def _rule(where: MapAdapter, form: PageForm) -> str:
    """The route that a form is sent to; its address where this service has no such route."""
    try:
        return f"POST {where.match(form.action.partition('?')[0], method='POST', return_rule=True)[0].rule}"
    except HTTPException:
        return f"POST {form.action}"


@pytest.mark.parametrize("name", SERVICES)
def test_every_form_that_a_page_shows_is_in_the_table(name: str, shown: Callable[[str], Shown]) -> None:
    elsewhere = {line for each in SERVICES for line in tables.TABLES[each]}
    assert sorted(shown(name).keys() - elsewhere) == []


@pytest.mark.parametrize(("name", "line"), page_forms())
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    name: str, line: str, worlds: Callable[[str], World], shown: Callable[[str], Shown]
) -> None:
    world, route = worlds(name), tables.TABLES[name][line]
    method, _, rule = line.partition(" ")
    trial = Trial(world, method, rule, routes_of(name)[line], route, Size())
    wrong, taken = [], []
    if line in NOT_WALKED:
        pytest.skip(NOT_WALKED[line])
    for target in route.targets:
        walk = Walk(trial, target, [page.partition(" ")[2] for page in lines_of(name, "GET")])
        walk.walk(shown(name).get(line, []))
        wrong += walk.wrong
        taken += walk.taken
    assert not wrong, f"{line}:\n  " + "\n  ".join(wrong)
    assert set(taken) <= {_BARE, _EMPTY}, f"{line}: {taken}"
    assert (_EMPTY in taken) == (line in MAY_BE_EMPTY), f"{line}: say in MAY_BE_EMPTY why it may be empty"
