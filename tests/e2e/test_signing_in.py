"""Signing in on the running system: by the code of a message, through all services, while its keys are changed."""

from __future__ import annotations

import threading
import time
from typing import Any

import jwt
import pytest
import requests

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.setup import token_keys
from deploy.token import token_for
from tests.support.tokens import BUKIT_SANGKAL

pytestmark = pytest.mark.timeout(300)
TAKEN = {"/v1/applications": 200, "/v1/auth/sessions": 200, "/v1/templates": 403}
"""What an applicant is answered whose token is taken, by two services."""


def post(stack: Stack, path: str, body: dict[str, Any]) -> Any:
    return requests.post(f"{stack.base_url}{path}", json=body, timeout=20)


def get(stack: Stack, path: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{stack.base_url}{path}", headers=headers, timeout=20).status_code


def sign_in(stack: Stack, phone: str) -> dict[str, Any]:
    asked = post(stack, "/v1/auth/codes", {"kelurahan": BUKIT_SANGKAL, "phone": phone})
    assert asked.status_code == 202, asked.text
    code = code_sent_to(stack, phone)
    body = {"kelurahan": BUKIT_SANGKAL, "phone": phone, "code_id": asked.json()["code_id"], "code": code}
    answer = post(stack, "/v1/auth/sessions", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def code_sent_to(stack: Stack, phone: str) -> str:
    """The code of the newest message to the phone."""
    administrator = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "administrator"))
    text: str = wait_for(lambda: sent_code(administrator, phone), "the code")["text"]
    return text.partition(": ")[2][:6]


def sent_code(administrator: Person, phone: str) -> dict[str, Any] | None:
    found = administrator.post("/v1/messages/search", {"phone": phone})["items"]
    return next((one for one in found if one["template"] == "sign_in_code"), None)


class Life:
    """Somebody who renews his tokens all the time and asks three services with them."""

    def __init__(self, stack: Stack, tokens: dict[str, Any]) -> None:
        self.stack, self.tokens = stack, tokens
        self.done, self.failed, self.keys = 0, [], set[str]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def _live(self) -> None:
        while not self._stop.is_set():
            answer = post(self.stack, "/v1/auth/refresh", {"refresh_token": self.tokens["refresh_token"]})
            if answer.status_code != 200:
                self.failed.append(f"refresh {answer.status_code}")
                return
            self.tokens = answer.json()
            self.keys.add(jwt.get_unverified_header(self.tokens["access_token"])["kid"])
            for path, wanted in TAKEN.items():
                status = get(self.stack, path, self.tokens["access_token"])
                if status != wanted:
                    self.failed.append(f"{path} {status}")
            self.done += 1

    def end(self) -> None:
        self._stop.set()
        self._thread.join(60)


def test_keys_that_sign_are_changed_without_a_failed_request(stack: Stack, cases: list[dict[str, Any]]) -> None:
    tokens = sign_in(stack, "+6281271000977")
    folder = stack.token_key_file.parent
    life = Life(stack, tokens)
    try:
        token_keys.main([str(folder), "rotate"])
        wait_for(lambda: len(life.keys) == 2 or bool(life.failed), "tokens of the new key")
        assert get(stack, "/v1/templates", tokens["access_token"]) == 403, "a token of the key before"
        token_keys.main([str(folder), "retire", "--now"])
        wait_for(lambda: get(stack, "/v1/templates", tokens["access_token"]) == 401, "the end of the key before")
        since = life.done
        wait_for(lambda: life.done > since + 3 or bool(life.failed), "more requests")
    finally:
        life.end()
    assert life.failed == [] and life.done > 5 and len(life.keys) == 2


def test_who_signs_out_is_out_everywhere_within_two_seconds(stack: Stack, cases: list[dict[str, Any]]) -> None:
    tokens = sign_in(stack, "+6281271000978")
    assert get(stack, "/v1/templates", tokens["access_token"]) == 403
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    out = requests.delete(f"{stack.base_url}/v1/auth/sessions/current", headers=headers, timeout=20)
    assert out.status_code == 204
    began = time.monotonic()
    paths = ("/v1/applications", "/v1/templates")
    wait_for(lambda: {get(stack, path, tokens["access_token"]) for path in paths} == {401}, "the end of the session")
    assert time.monotonic() - began < 5
