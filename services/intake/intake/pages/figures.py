"""`/intake/laporan`: the figures of a month, as tables and as plots that print well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request

from intake.api.base import on_record
from intake.domain.accounts import is_office
from intake.domain.errors import NotYours
from intake.schemas.reports import ReportQuery
from intake.usecases import reports
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.language import language
from kit.pages import dates, forms, page, plots
from kit.pages.session import allow

figure_pages = Blueprint("figure-pages", __name__, url_prefix="/intake/laporan")

STEPS = ("receive", "verify", "produce", "hand-over")


@figure_pages.get("")
@allow(*reports.READERS)
@audit.shows_nobody("sends on to a month")
def show_this_month() -> Response:
    """On to the month that it is."""
    return redirect(f"/intake/laporan/{reports.this_month(deps(), caller()):%Y-%m}", 303)  # type: ignore[return-value]


@figure_pages.get("/<month>")
@allow(*reports.READERS)
@audit.shows_nobody("figures, and codes of cases that are late")
def show_month(month: str) -> Response:
    """A month of one's office; of a kecamatan or city all its offices side by side, or the one that is named."""
    first = reports.first_of(month)
    query = forms.load(ReportQuery(), {name: value for name, value in request.args.items() if value})
    kelurahan = query["kelurahan"] or caller().tenant
    if query["kelurahan"] is None and not is_office(kelurahan):
        return _side_by_side(first)
    try:
        found = reports.of_office(deps(), caller(), kelurahan, first)
        around = reports.around(deps(), caller(), kelurahan, first)
    except NotYours as error:
        raise on_record(error) from error
    trend = [{"month": one["month"]} | one["total"] for one in around["trend"]]
    return page(
        "report.html", report=found, around=around, plots=_plots(found, around, trend), trend=trend, steps=STEPS,
        above=not is_office(caller().tenant), queue=caller().has("officer", "lurah"),
        **_months(first, around["this_month"]),
    )  # fmt: skip


def _side_by_side(first: date) -> Response:
    found = reports.side_by_side(deps(), caller(), first)
    offices = found["offices"]
    for one in offices:
        one["share"] = share(one["total"]["on_time"])
        one["late"] = sum(one["late_now"].values())
    return page(
        "reports.html", offices=offices, place=found["place"], trend=found["trend"],
        late=found["late"],
        city=caller().tenant.count(".") == 1,
        plots={
            "on_time": plots.bars([(one["name"], [one["share"]]) for one in offices], most=100, said="{} %"),
            "cases": plots.bars(
                [(one["name"], [one["total"]["submitted"], one["total"]["completed"]]) for one in offices]
            ),
            "late": plots.bars([(one["name"], [one["late"]]) for one in offices]),
        } | trend_plots(found["trend"]),
        **_months(first, found["this_month"]),
    )  # fmt: skip


def share(part: Mapping[str, Any]) -> float | None:
    """Per cent that were in time; None where there was nothing."""
    return round(100 * part["met"] / part["cases"], 1) if part["cases"] else None


def _months(first: date, last: date) -> dict[str, Any]:
    return {
        "first": first, "before": f"{reports.moved(first, -1):%Y-%m}",
        "after": f"{reports.moved(first, 1):%Y-%m}" if first < last else None, "share": share,
    }  # fmt: skip


def _plots(report: Mapping[str, Any], around: Mapping[str, Any], trend: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    named = around["services"]
    services = [(_name(named, one["service"]), one) for one in report["services"]]
    return {
        "services": plots.bars([(name, [one["submitted"], one["completed"]]) for name, one in services]),
        "on_time": plots.bars(
            [(name, [share(one["on_time"])]) for name, one in services], most=100, said="{} %"
        ),
    } | trend_plots(trend)  # fmt: skip


def _name(named: Mapping[str, Mapping[str, str]], code: str) -> str:
    """A service that is offered no more goes by its code."""
    return named[code][language()] if code in named else code


def trend_plots(months: Sequence[Mapping[str, Any]]) -> dict[str, plots.Lines]:
    """Lines of months: how many, and how many of a hundred in time."""
    return {"trend": _trend(months), "share": _shares([(one["month"], share(one["on_time"])) for one in months])}


def _trend(months: Sequence[Mapping[str, Any]]) -> plots.Lines:
    names = [dates.short_month(one["month"]) for one in months]
    return plots.lines(names, [[one["submitted"] for one in months], [one["completed"] for one in months]])


def _shares(months: Sequence[tuple[date, float | None]]) -> plots.Lines:
    return plots.lines([dates.short_month(month) for month, _ in months], [[value for _, value in months]], most=100)


def said(period: str) -> str:
    """`2026-08` as people say it; a year is a year."""
    return dates.month(date.fromisoformat(f"{period}-01")) if "-" in period else period
