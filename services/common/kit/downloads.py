"""Files on their way to a browser: it stores them under our name, and runs nothing of what a stranger put in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from flask import Response, request

from kit.objects import StoredObject

_MOST = 100
# Separators of paths and of the header, what Windows forbids, and everything that has no shape of its own: controls,
# marks that turn the direction of writing, joiners.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|;%]')
_SHAPELESS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def attachment(filename: str) -> dict[str, str]:
    """Headers of a download. `filename` becomes safe: any text is taken."""
    name = _safe(filename)
    plain = "".join(_plain(each) for each in name)
    disposition = f'attachment; filename="{plain}"'
    if plain != name:
        disposition += f"; filename*=UTF-8''{quote(name, safe='')}"  # RFC 6266, for who can read it
    return {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def send_stored(stored: StoredObject, etag: str, media_type: str, headers: Mapping[str, str]) -> Response:
    """Streams what lies in the store; who has it already (`If-None-Match`) gets 304."""
    headers = {"ETag": f'"{etag}"', **headers}
    if request.if_none_match.contains(etag):
        stored.close()
        return Response(status=304, headers=headers)
    response = Response(iter(stored), mimetype=media_type, headers=headers)
    response.call_on_close(stored.close)
    response.content_length = stored.stat.size
    return response


def _plain(character: str) -> str:
    """As old programs can read it."""
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii") or "_"


def _safe(filename: str) -> str:
    """Without what leads elsewhere or looks like something else; its ending stays."""
    kept = "".join("_" if unicodedata.category(each) in _SHAPELESS else each for each in filename)
    kept = _FORBIDDEN.sub("_", kept).strip(" .") or "berkas"
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:_MOST]
    return stem[: _MOST - 1 - len(ending)] + dot + ending
