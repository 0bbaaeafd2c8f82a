"""`/saya/contoh/{mark}/{name}.png`: a sample picture, the same for everybody."""

from __future__ import annotations

from flask import Blueprint, Response

from intake import samples
from kit.auth import public
from kit.problems import NotFound

sample_pages = Blueprint("sample-pages", __name__, url_prefix="/saya/contoh")


@sample_pages.get("/<mark>/<name>.png")
@public(cost=0)
def show_sample(mark: str, name: str) -> Response:
    """What a good photo of a paper looks like. Kept by browsers: another picture has another address."""
    try:
        found = samples.named(name)
    except KeyError:
        raise NotFound from None
    if mark != found.mark:
        raise NotFound
    return Response(found.content, mimetype=samples.TYPE, headers={
        "Cache-Control": "public, max-age=31536000, immutable"
    })  # fmt: skip
