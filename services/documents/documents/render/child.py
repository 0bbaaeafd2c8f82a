"""A child of the pool: reads a request, lets typst set it, answers; ends when the pool's side of the channel closes.

It runs without the service's settings, cannot write a file, and has limits of its own, since typst itself stops neither
an endless layout nor one that eats memory.
"""

import json
import math
import os
import resource
import signal
import socket
import sys
import time
from datetime import datetime
from pathlib import Path

import typst

from documents.render import refusal, wire
from documents.render.qr import qr_svg

OPEN_FILES = 64
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]


def main() -> None:
    """Serve one pool; the arguments are the channel's descriptor, the folders and the limits."""
    descriptor, layouts, fonts, memory, cpu_seconds = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a signal to the whole group must not spoil the work in hand
    channel = socket.socket(fileno=int(descriptor))
    _limit(resource.RLIMIT_AS, int(memory))
    compiler = _compiler(Path(layouts), Path(fonts))
    _forbid()
    wire.send(channel, wire.READY, b"")
    serve(channel, compiler, Path(layouts), math.ceil(float(cpu_seconds)))


def serve(channel: socket.socket, compiler: typst.Compiler, layouts: Path, cpu_seconds: int) -> None:
    """Answer requests until the pool is gone."""
    while True:
        try:
            _, request = wire.receive(channel)
        except (EOFError, ConnectionError):
            return
        _allow_cpu(cpu_seconds)
        wire.send(channel, *answer(compiler, layouts, request))


def answer(compiler: typst.Compiler, layouts: Path, request: bytes) -> tuple[bytes, bytes]:
    """The PDF, or the refusal, as a frame."""
    order = json.loads(request)
    inputs = {"data": order["data"], "qr": qr_svg(order["url"]) if order["url"] else ""}
    try:
        pdf = compiler.compile(
            input=str(layouts / f"{order['kind']}.typ"),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=datetime.fromisoformat(order["date"]),
        )
    except typst.TypstError as complaint:
        return _refused(complaint)
    if not isinstance(pdf, bytes):
        return wire.REFUSED, b"no document came out"
    return wire.PDF, pdf


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


def _forbid() -> None:
    """No new process or thread, no file written, nothing said: diagnostics and core dumps hold people's text."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stderr.fileno())
    os.close(silence)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _allow_cpu(seconds: int) -> None:
    """CPU time for one more render: should the pool die meanwhile, nobody else would stop it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


if __name__ == "__main__":
    main()
