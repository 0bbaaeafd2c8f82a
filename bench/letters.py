"""P4: letters through the product's own render pool, beside WeasyPrint."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.measure import Result, interleave, per_second
from documents.render import RenderPool
from tests.unit.documents.samples import SAMPLES

DATE = datetime(2026, 8, 19, 2, 0, tzinfo=UTC)


def p4(*, seconds: float, rounds: int) -> list[Result]:
    """A pool of two (the product's default) and of one, each ÷ WeasyPrint in this process."""
    sample = SAMPLES["kk_introduction"].to_json()
    page = _page(sample)
    results = []
    for processes in (2, 1):
        with RenderPool(processes=processes) as pool:
            pool.warm()

            def set_letter(_client: int, pool: RenderPool = pool) -> None:
                pool.render("kk_introduction", sample, document_date=DATE)

            results.append(
                interleave(
                    f"P4 letters/s, render pool of {processes} ÷ WeasyPrint",
                    lambda work=set_letter, processes=processes: per_second(work, seconds, clients=processes),  # type: ignore[misc]
                    lambda: _rate(lambda: _weasyprint(page), seconds),
                    rounds=rounds, goal=10, unit="letters/s",
                )
            )  # fmt: skip
    return results


def _rate(work: Callable[[], None], seconds: float) -> float:
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        work()
        count += 1
    return count / (time.monotonic() - began)


def _weasyprint(page: str) -> None:
    from weasyprint import HTML

    HTML(string=page).write_pdf()


def _page(sample: dict[str, Any]) -> str:
    """The same content as HTML: letterhead, title, identity, members, statement, signature block."""
    person = sample["person"]
    rows = "".join(
        f"<tr><td>{html.escape(name)}</td><td>: {html.escape(str(value))}</td></tr>"
        for name, value in person.items()
        if value
    )
    members = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(value))}</td>" for value in member.values()) + "</tr>"
        for member in sample["members"]
    )
    return f"""<html lang="id"><style>@page {{ size: 215mm 330mm; margin: 15mm 18mm }}
      body {{ font: 11pt "Liberation Sans" }} h1 {{ font-size: 13pt; text-align: center }}</style>
      <h1>{html.escape(sample["title"])}</h1><p>Nomor: {html.escape(sample["number"])}</p>
      <p>Yang bertanda tangan di bawah ini menerangkan dengan sebenarnya bahwa:</p><table>{rows}</table>
      <table border="1">{members}</table><p>Demikian surat pengantar ini dibuat untuk dipergunakan
      sebagaimana mestinya.</p>
      <p>{html.escape(sample["date"])}</p><p>{html.escape(sample["signer"]["name"])}</p></html>"""
