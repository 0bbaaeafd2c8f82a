"""Sheets to be printed and handed to heads, each with the code that he sends from his phone. They carry their own
style, since what is printed is to need nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from flask import Response, render_template_string

from contracts.enrolment import WORD
from verification.usecases.enrolling import Sheet

_ROLES = {"rt_head": "Ketua", "substitute": "Wakil ketua", "rw_head": "Ketua"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def sheets_page(sheets: Sequence[Sheet], office: str, phone: str | None) -> Response:
    """All of them, a page each. `phone`: where the codes are sent, if the office has a number."""
    template = resources.files("verification.pages").joinpath("enrolment.html").read_text("utf-8")
    shown = [vars(one) | {"role": _ROLES[one.holder.role], "until": f"{one.last_day:%d-%m-%Y}"} for one in sheets]
    body = render_template_string(template, sheets=shown, office=office, phone=phone, word=WORD)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    return Response(body, 200, headers, content_type="text/html; charset=utf-8")
