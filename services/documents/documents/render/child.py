"""A child of the pool: reads a request, lets typst set it, answers; ends when the pool's side of the channel closes.

It runs without the service's settings, can neither write a file nor open a connection, and has limits of its own, since
typst itself stops neither an endless layout nor one that eats memory.
"""

import json
import re
import resource
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path

import typst

from documents.render import limits, refusal, wire
from documents.render.confine import no_network
from documents.render.qr import qr_svg

OPEN_FILES = 64
MOST_PAGES = 50
# Typst writes the objects of a page, but not its content, as they are.
PAGE = re.compile(rb"/Type\s*/Page\b")
PIXELS_PER_INCH = 72.0
"""Of a picture: a point of its layout is a pixel."""
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]


def main() -> None:
    """Serve one pool; the arguments are the channel's descriptor, the limits and the folders."""
    descriptor, memory, cpu_seconds, layouts, fonts = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a signal to the whole group must not spoil the work in hand
    channel = socket.socket(fileno=int(descriptor))
    no_network()  # before typst starts its threads, as each thread has a wall of its own
    limits.limit(resource.RLIMIT_AS, int(memory))
    compiler = _compiler(Path(layouts), Path(fonts))
    limits.forbid(OPEN_FILES)
    wire.send(channel, wire.READY, b"")
    serve(channel, compiler, Path(layouts), int(cpu_seconds))


def serve(channel: socket.socket, compiler: typst.Compiler, layouts: Path, cpu_seconds: int) -> None:
    """Answer requests until the pool is gone."""
    while True:
        try:
            _, request = wire.receive(channel)
        except (EOFError, ConnectionError):
            return
        limits.allow_cpu(cpu_seconds)
        wire.send(channel, *answer(compiler, layouts, request))


def answer(compiler: typst.Compiler, layouts: Path, request: bytes) -> tuple[bytes, bytes]:
    """The document, or the refusal, as a frame."""
    order = json.loads(request)
    inputs = {
        "data": order["data"],
        "qr": qr_svg(order["url"]) if order["url"] else "",
        "emblem": _picture(order["emblem"]) if order["emblem"] else "",
    }
    layout = str(layouts / f"{order['kind']}.typ")
    try:
        if order["form"] == "png":
            made = compiler.compile(input=layout, format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
        else:
            made = compiler.compile(
                input=layout,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=datetime.fromisoformat(order["date"]),
            )
    except typst.TypstError as complaint:
        return _refused(complaint)
    if not isinstance(made, bytes):  # of a picture with a second page there is a list
        return wire.REFUSED, b"no document came out"
    if order["form"] == "pdf" and len(PAGE.findall(made)) > MOST_PAGES:
        return wire.LONG, f"more than {MOST_PAGES} pages".encode()
    return wire.PDF, made


def _picture(png: str) -> str:
    """A picture, in base64, as SVG around it: layouts have no file but their own, and take texts only. The sides are
    as those of the box that the letterhead has for it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 110 120">'
        f'<image width="110" height="120" xlink:href="data:image/png;base64,{png}"/></svg>'
    )


def _refused(complaint: typst.TypstError) -> tuple[bytes, bytes]:
    character = refusal.missing_glyph(complaint)
    if character is not None:
        return wire.GLYPH, character.encode()
    return wire.REFUSED, refusal.reason(complaint).encode()


def _compiler(layouts: Path, fonts: Path) -> typst.Compiler:
    """A compiler that knows our fonts only, with its threads started, as none may be started later."""
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
    compiler = typst.Compiler(root=str(layouts), font_paths=known)
    compiler.compile(input=b"", format="pdf")
    return compiler


if __name__ == "__main__":
    main()
