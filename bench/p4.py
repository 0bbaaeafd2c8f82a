"""P4: letters through the product's own render pool ÷ WeasyPrint of the same letters, warm."""

from __future__ import annotations

import base64
import io
import statistics
from collections.abc import Callable
from pathlib import Path

from bench.letters import DATE, KIND, Letters
from bench.measure import Result, Side, interleave, per_second
from documents.render import RenderPool

_HERE = Path(__file__).parent


def run(*, seconds: float, rounds: int) -> list[Result]:
    """The pool of two, as the worker has it, and one of one process: WeasyPrint has one."""
    import documents

    layouts = Path(next(iter(documents.__path__))) / "layouts"
    letters = Letters()
    other, note = weasyprint(letters, layouts)
    with RenderPool(processes=2) as two, RenderPool(processes=1) as one:
        two.warm()
        one.warm()
        sides: list[Side] = [
            lambda: per_second(_letter(two, letters), seconds, threads=2),
            lambda: per_second(lambda: _discard(other()), seconds),
            lambda: per_second(_letter(one, letters), seconds),
        ]
        for side in sides:
            side()
        pair, theirs, single = interleave(sides, rounds)
    per_core = f"per core: {statistics.median(single):,.0f} ÷ {statistics.median(theirs):,.1f}, one process each"
    both = "ours renders in two processes, WeasyPrint in one"
    return [
        Result("P4 letters, pool of two ÷ WeasyPrint", "per second", 10, pair, theirs, notes=[both, per_core, note]),
        Result("P4 per core, pool of one ÷ WeasyPrint", "per second", 10, single, theirs, notes=[note]),
    ]


def _letter(pool: RenderPool, letters: Letters) -> Callable[[], None]:
    return lambda: _discard(pool.render(KIND, letters.next(), document_date=DATE))


def weasyprint(letters: Letters, layouts: Path) -> tuple[Callable[[], bytes], str]:
    """(renders one letter, how it subsets its fonts). Style sheet and fonts are read once."""
    from jinja2 import Environment
    from weasyprint import CSS, HTML
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    css = (_HERE / "letter.css").read_text("utf-8")
    style = CSS(string=css, base_url=f"{(layouts / 'fonts').as_uri()}/", font_config=fonts)
    page = Environment(autoescape=True).from_string((_HERE / "letter.html").read_text("utf-8"))
    emblem = _data_uri((layouts / "emblem.svg").read_bytes())

    def work() -> bytes:
        letter = letters.next()
        text = page.render(letter, emblem=emblem, qr=_qr(letter["check"]["url"]))
        pdf: bytes = HTML(string=text).write_pdf(stylesheets=[style], font_config=fonts)
        return pdf

    there = (
        "with harfbuzz subsetting" if harfbuzz_subset else "WITHOUT harfbuzz subsetting: install libharfbuzz-subset0"
    )
    return work, f"WeasyPrint {there}"


def _qr(url: str) -> str:
    import segno

    buffer = io.BytesIO()
    segno.make(url, error="m").save(buffer, kind="svg")
    return _data_uri(buffer.getvalue())


def _data_uri(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _discard(_pdf: bytes) -> None:
    return
