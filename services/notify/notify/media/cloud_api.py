"""Files on WhatsApp's Cloud API: by its id one is told an address, which is good for five minutes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from kit.errors import Retryable
from kit.outgoing import Answer, Outgoing
from notify.domain.channels import token_header
from notify.domain.failures import remedy_of
from notify.domain.tolerant import mapped, text_of
from notify.media import MOST, Got, NotHere, NotLetIn
from notify.media.checking import ask, checked

_LARGEST_ANSWER = 64_000


class CloudApi:
    """Asks in two steps, with the same header each time: the token goes to the configured address, by TLS to its host
    and to `hosts`, and nowhere else, whatever a message or an answer names."""

    def __init__(self, http: Outgoing, url: str, token: str, header: str, hosts: Sequence[str] = ()) -> None:
        self._http, self._url, self._hosts = http, url, hosts
        self._headers = token_header(header, token)

    def fetch(self, media: Mapping[str, Any]) -> Got:
        """See `notify.media.Fetcher`."""
        told = self._told(media)
        size = told.get("file_size") if isinstance(told.get("file_size"), int) else media.get("size")
        if size is not None and size > MOST:
            raise NotHere("too_large", again=False)
        content = ask(self._http, self._place(told, media), self._headers, judge=_judged)
        announced = media.get("sha256") or text_of(told.get("sha256")) or None
        return checked(content, media.get("type") or text_of(told.get("mime_type")), announced, size)

    def _told(self, media: Mapping[str, Any]) -> dict[str, Any]:
        if not media.get("id"):
            return {}
        body = ask(self._http, f"{self._url}/{quote(media['id'], safe='')}", self._headers, _LARGEST_ANSWER, _judged)
        try:
            return mapped(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise Retryable("the file's server did not answer in JSON") from error

    def _place(self, told: Mapping[str, Any], media: Mapping[str, Any]) -> str:
        place = text_of(told.get("url")) or media.get("url")
        if not place:
            raise NotHere("gone", again=True)
        own, found = urlsplit(self._url), urlsplit(place)
        by_tls = found.scheme == "https" and found.hostname in (own.hostname, *self._hosts)
        if not by_tls and (found.scheme, found.netloc) != (own.scheme, own.netloc):
            raise NotLetIn("the file lies at a host that WHATSAPP_MEDIA_HOSTS does not name")
        return place


def _judged(answer: Answer) -> None:
    """Errors come with 400 and 403 whatever they are about; the code says whether it is the file."""
    try:
        code = mapped(mapped(json.loads(answer.body)).get("error")).get("code")
    except (ValueError, RecursionError):
        code = None
    if answer.status == 401:
        raise NotLetIn("the file's server answered 401")
    if isinstance(code, int) and (remedy := remedy_of(code)) in ("park", "retry", "wait"):
        said = f"the file's server answered {answer.status}, {code}"
        raise NotLetIn(said) if remedy == "park" else Retryable(said)
