"""How forms are walked: sent as no browser does, empty, and with words wherever they go; and what is held against the
answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from os.path import commonprefix
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from kit.pages.forms import CSRF, OF_OURS, SHOWN_AT
from tests.access import tables
from tests.access.calls import Call, Target, World
from tests.access.matrix import Size, Trial
from tests.access.test_matrix import routes_of
from tests.architecture.code import app_of
from tests.support.page_forms import Field, PageForm, Read, read

WORDS = "Tetap ini & <b>"
"""What is typed into whatever takes words: it makes no number, phone, day or code."""
LONG = WORDS * 1000
"""More than any field takes."""
TYPED_ANEW = frozenset({"password", "file"})
"""What no page shows again."""
OURS = {CSRF: "a-page-of-ours", SHOWN_AT: "/"}
WHERE_SHOWN = {"POST /documents/buku/<int(min=1900, max=9999):year>/seri": "?seri=office"}
"""What the address of the page with the form has besides."""

SAID_OF_ANY = frozenset({
    "Harus diisi.", "Isi dengan angka.", "Tanggal tidak benar.", "Isian tidak benar.", "Bentuknya tidak benar.",
    "Pilih salah satu.",
})  # fmt: skip
"""What may be said of many fields, so that it says nothing without the field's name."""


def lines_of(name: str, method: str) -> list[str]:
    """The routes of a service's pages that are in its table."""
    lines = sorted(routes_of(name).keys() & tables.TABLES[name].keys())
    return [line for line in lines if line.startswith(f"{method} ") and " /v1/" not in line]


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
        bare = self.send([], BARE)
        form = form or (bare and bare.form_of(self.path)) or next(iter(shown), None)
        if form is None:
            self.wrong.append("no page shows this form")
            return
        if bare is None:
            self.wrong = [
                one for one in self.wrong if "without a summary" not in one
            ]  # there was no page to come back to
            form = self._anew(form)
        nothing = self.send(empty(form), EMPTY)
        if not _types(form):
            self.taken = []
            return
        if nothing is None:
            form = self._anew(form)
        self._check_links(nothing)
        leaving = {link[1:] for link in nothing.links} if nothing else set()
        fields = typed(form, leaving, WORDS if nothing else LONG)
        much = self.send(fields, TYPED)
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
BARE, EMPTY, TYPED = "with nothing at all", "with everything empty", "with words where they go"


def _types(form: PageForm) -> bool:
    return any(one.kind not in ("hidden", "button") for one in form.fields)


def _main(text: str) -> str:
    return re.sub("<[^>]+>|\\s+", " ", text.partition("<main")[2].partition("</main>")[0])[:300]


@dataclass
class Pages:
    """What was met on all pages of a service: forms that change something, and what is wrong with those that ask."""

    forms: Shown = field(default_factory=dict)
    asking: int = 0
    wrong: list[str] = field(default_factory=list)


def visited(name: str, world: World) -> Pages:
    found = Pages()
    routes, where = routes_of(name), app_of(name).url_map.bind("localhost")
    for line in lines_of(name, "GET"):
        route = tables.TABLES[name][line]
        trial = Trial(world, "GET", line.partition(" ")[2], routes[line], route, Size())
        for target in route.targets:
            call = replace(target.make(world), page=True)
            answer = trial.by_who_may(call, target)
            text = bytes(answer.data).decode(errors="replace")
            for form in read(text).forms if answer.status_code < 300 else ():
                if form.method == "post":
                    found.forms.setdefault(_rule(where, form), []).append(form)
                else:
                    found.asking += 1
                    found.wrong += _asked(replace(trial, rule=form.action.partition("?")[0]), call, target, form)
    return found


def _asked(trial: Trial, call: Call, target: Target, form: PageForm) -> list[str]:
    """What is wrong with the answer to a form that only asks, with words wherever they go."""
    query = f"?{urlencode(typed(form, set(), WORDS))}"
    answer = trial.by_who_may(replace(call, ids={}, query=query, page=True), target)
    said = _main(bytes(answer.data).decode(errors="replace"))
    if answer.status_code >= 500 or (answer.status_code >= 400 and len(said.split()) < 8):
        return [f"{trial.rule}{query}: {answer.status_code} {said}"]
    return []


def _rule(where: MapAdapter, form: PageForm) -> str:
    """The route that a form is sent to; its address where this service has no such route."""
    try:
        return f"POST {where.match(form.action.partition('?')[0], method='POST', return_rule=True)[0].rule}"
    except HTTPException:
        return f"POST {form.action}"
