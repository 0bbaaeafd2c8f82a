"""A browser without a screen: it keeps cookies, follows where it is sent, and sends a form as it stands on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

from kit.pages.session import ACCESS_COOKIE
from tests.support.services import InProcess
from tests.support.tokens import token

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "https://kelurahan.example"}


@dataclass
class Form:
    """One form of a page: where it goes, and what stands in its fields."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.found.append(Form(str(has["action"]), str(has.get("method", "get"))))
        elif tag == "input" and has.get("name") and self.found and _counts(has):
            self.found[-1].fields.append((str(has["name"]), has.get("value") or ""))


def _counts(field: dict[str, str | None]) -> bool:
    return field.get("type") not in ("radio", "checkbox") or "checked" in field


def day_typed(name: str, day: str) -> dict[str, str]:
    """A day as its three fields take it: `2026-08-14`, a part of it (`2026--14`), or nothing."""
    year, month, of_month = day.split("-") if day else ("", "", "")
    return {f"{name}-hari": of_month, f"{name}-bulan": month, f"{name}-tahun": year}


def forms_of(text: str) -> list[Form]:
    reader = _Forms()
    reader.feed(text)
    return reader.found


@dataclass
class Browser:
    """Somebody's, on one service."""

    client: FlaskClient
    sent: dict[str, Any] = field(default_factory=dict)
    """The form that was sent last, for who is told to send it elsewhere."""

    def open(self, path: str, **more: Any) -> Any:
        return self.client.get(
            path, headers=HTML | more.pop("headers", {}), base_url="https://kelurahan.example", **more
        )

    def send(self, form: Form, typed: dict[str, Any], *, headers: dict[str, str] | None = None) -> Any:
        """The form, with what was typed into it."""
        data = {**dict(form.fields), **typed}
        return self.post(form.action, data, headers=headers)

    def post(self, path: str, data: dict[str, Any], *, headers: dict[str, str] | None = None) -> Any:
        self.sent = data
        return self.client.post(
            path, data=data, headers=HTML | HERE | (headers or {}), base_url="https://kelurahan.example"
        )

    def go_on(self, answer: Any) -> Any:
        """Follows one redirect, as browsers do: 307 sends the same again."""
        where = answer.headers["Location"]
        if answer.status_code == 307:
            return self.post(where, self.sent)
        return self.open(where)

    def cookie(self, name: str, path: str = "/") -> str | None:
        found = self.client.get_cookie(name, domain="kelurahan.example", path=path)
        return found.value if found else None

    def forget(self, name: str, path: str = "/") -> None:
        self.client.delete_cookie(name, domain="kelurahan.example", path=path)


def browser(service: InProcess) -> Browser:
    return Browser(service.app.test_client())


def signed_in(service: InProcess, role: str, **claims: Any) -> Browser:
    """Somebody's of this role, come in already."""
    made = browser(service)
    made.client.set_cookie(ACCESS_COOKIE, token(role, **claims), domain="kelurahan.example", secure=True)
    return made
