"""A running system, as an operator's commands reach it: BASE_URL names it (else the one that `make run` keeps here),
TOKEN_KEY_FILE its private key."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

import requests

from deploy.token import find_key, token_for

PORTS = Path(".local") / "run" / "ports.json"
TIMEOUT = 120
OPERATOR = "operator"
"""The subject of an operator's tokens, by which his requests are kept for those that come again."""


class System:
    """Asks as whoever is needed: whoever holds the private key can be anybody."""

    def __init__(self) -> None:
        self.base_url = base_url()
        self._key = find_key().read_text("ascii")

    def ask(
        self, method: str, path: str, role: str, place: str, *, key: str | None = None, **more: Any
    ) -> requests.Response:
        """The answer, of whatever status; asked as `role` of a place (a kelurahan, kecamatan or city). `key`: by which
        the same request is done once. Exits where nothing, or nobody of ours, answers."""
        headers = {
            "Authorization": f"Bearer {token_for(self._key, role, sub=OPERATOR, kelurahan=place)}",
            "Accept-Language": "en",
            **({} if method == "GET" else {"Idempotency-Key": key or str(uuid.uuid4())}),
            **more.pop("headers", {}),
        }
        try:
            answer = requests.request(method, self.base_url + path, headers=headers, timeout=TIMEOUT, **more)
            if answer.status_code not in (204, 404) or answer.content:
                answer.json()
        except requests.RequestException as error:  # no answer, or none of ours
            raise SystemExit(f"{self.base_url} does not answer. Does it run? It is safe to send it again.") from error
        return answer


def base_url() -> str:
    """Where the system is. Exits where none runs and none is named."""
    if named := os.environ.get("BASE_URL"):
        return named.rstrip("/")
    if PORTS.exists():
        return f"http://127.0.0.1:{json.loads(PORTS.read_text('utf-8'))['gateway']}"
    raise SystemExit("Nothing runs here. Start `make run`, or name a system: BASE_URL=… TOKEN_KEY_FILE=…")
