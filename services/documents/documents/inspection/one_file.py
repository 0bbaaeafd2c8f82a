"""A child's life: it gets the bytes of one file, answers once, and ends.

Before the file is there it gives up the right to open anything, and to do anything to other processes.
"""

import os
import resource
import signal
import socket
import sys
from collections.abc import Callable

import pypdfium2

from documents.render import limits, wire
from documents.render.confine import nothing_of_others

CHANNEL = 3
"""Where the channel lies; the descriptors below it are the standard ones, and none above it can be had."""


class Refused(Exception):
    """What the parent is told; one of its words."""


def serve(answer: Callable[[bytes, int], tuple[bytes, bytes]], warm_up: Callable[[], None]) -> None:
    """Serve one file; the arguments are the channel's descriptor, the limits and the most pages."""
    descriptor, memory, cpu_seconds, pages = map(int, sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent sees to our end
    os.dup2(descriptor, CHANNEL)
    os.closerange(CHANNEL + 1, descriptor + 1)
    channel = socket.socket(fileno=CHANNEL)
    limits.limit(resource.RLIMIT_AS, memory)
    warm_up()
    limits.forbid(CHANNEL + 1)
    limits.allow_cpu(cpu_seconds)
    nothing_of_others()  # a limit to descriptors alone would leave room for one that takes the place of another
    wire.send(channel, wire.READY, b"")
    _, content = wire.receive(channel)
    wire.send(channel, *answer(content, pages))


def opened(content: bytes) -> pypdfium2.PdfDocument:
    if b"%PDF-" not in content[:1024]:
        raise Refused("not_pdf")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "password" in str(error).lower() else "not_pdf") from error
