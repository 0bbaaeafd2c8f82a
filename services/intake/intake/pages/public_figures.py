"""`/angka/{kelurahan}`: what everybody may know of an office. Programs are answered with JSON at the same address."""

from __future__ import annotations

from typing import Any

from intake.api.reports import public_month
from intake.domain.applications import STEPS
from intake.pages.figures import said, share, trend_plots
from intake.schemas.public_figures import PublicReportOut
from intake.usecases import reports
from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.pages import page, wanted
from kit.web import Resource

angka = Resource("angka", __name__, url_prefix="/angka", description="What everybody may know of an office")


@angka.get("/<kelurahan>")
@public
@angka.response(200, PublicReportOut)
@refusals(angka, 404)
@audit.shows_nobody("the same for all")
def show_last_month(kelurahan: str) -> Any:
    """The figures of the last month that is over

    Browsers are answered with a page."""
    return _answer(public_month(kelurahan))


@angka.get("/<kelurahan>/<month>")
@public
@angka.response(200, PublicReportOut)
@refusals(angka, 404)
@audit.shows_nobody("the same for all")
def show_month(kelurahan: str, month: str) -> Any:
    """The figures of a month that is over

    Browsers are answered with a page."""
    return _answer(public_month(kelurahan, month))


def _answer(found: dict[str, Any]) -> Any:
    if not wanted():
        return found
    first, last = reports.first_of(found["month"]), found["last_month"]
    return page(
        "public_figures.html", report=found, share=share, steps=tuple(STEPS.values()), first=first,
        before=f"{reports.moved(first, -1):%Y-%m}",
        after=f"{reports.moved(first, 1):%Y-%m}" if first < last else None,
        plots=trend_plots(found["trend"]), surveyed=said(found["survey"]["period"]),
    )  # fmt: skip
