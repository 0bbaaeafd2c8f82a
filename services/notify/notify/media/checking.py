"""Whether a file is the one that was announced, and asking for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from kit.errors import Retryable
from kit.outgoing import Answer, Failed, Limits, Outgoing, Refused, TooLarge
from notify.media import MOST, Got, NotHere

WITHIN = 60.0
"""Seconds for one file."""
GONE = frozenset({400, 403, 404, 410})
"""What a server answers when the time of a file or of its address is over, or it never knew it."""

Judge = Callable[[Answer], None]
"""Looks at an answer that has no file, and raises where it says that the file is not what is wrong."""

_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


def ask(
    http: Outgoing, url: str, headers: Mapping[str, str], largest: int = MOST, judge: Judge = lambda _answer: None
) -> bytes:
    """The body of an answer with 200. Raises NotHere, Retryable, and what `judge` does; none names the address."""
    try:
        answer = http.get(url, Limits(WITHIN, largest), headers)
    except TooLarge as error:
        raise NotHere("too_large", again=False) from error
    except Refused as error:
        raise Retryable(f"the file's address: {error.reason}") from error
    except Failed as error:
        raise Retryable(f"the file's server: {error.reason}") from error
    if answer.status != 200:
        judge(answer)
    if answer.status in GONE:
        raise NotHere("gone", again=True)
    if answer.status != 200:
        raise Retryable(f"the file's server answered {answer.status}")
    return answer.body


def checked(content: bytes, type_: str, sha256: str | None, size: int | None) -> Got:
    """The file, if it is as it was announced. Raises NotHere."""
    digest = hashlib.sha256(content)
    if not content or (size is not None and size != len(content)) or (sha256 and not _same(digest.digest(), sha256)):
        raise NotHere("damaged", again=True)
    known = type_.partition(";")[0].strip().lower()
    return Got(content, known if _TYPE.fullmatch(known) else "application/octet-stream", digest.hexdigest())


def _same(digest: bytes, announced: str) -> bool:
    """Providers write a hash in hex or in base64."""
    return any(
        hmac.compare_digest(form.encode(), announced.strip().encode("utf-8", errors="replace"))
        for form in (digest.hex(), digest.hex().upper(), base64.b64encode(digest).decode())
    )
