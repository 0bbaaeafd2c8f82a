"""The sandbox's own program: a template that forks a child for each task. `sandbox` starts it.

It runs in one thread, reads tasks from its standard input (a socket), and ends when that closes.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

from intake.pictures import looks, pdf, render, watermark

# Each takes the open file and options, and gives an answer and what is to be written.
TASKS: dict[str, Callable[..., tuple[dict[str, Any], bytes]]] = {
    "inspect_pdf": pdf.inspect,
    "look_at_picture": looks.measure,
    "mark_pdf": watermark.document,
    "mark_picture": watermark.picture,
    "resave_pdf": pdf.resave,
    "view_picture": render.view,
}
_PAGE = resource.getpagesize()


def main() -> None:
    """Serve tasks until the socket closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us
    with socket.socket(fileno=os.dup(0)) as control:
        os.close(0)
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
            if not message:
                return
            if os.fork() == 0:
                control.close()
                _serve(json.loads(message), *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)


def _serve(message: dict[str, Any], read_fd: int, write_fd: int, answer_fd: int) -> None:
    """Do one task and end the process, in every case."""
    try:
        with socket.socket(fileno=answer_fd) as answer:
            answer.send(b"+")
            _limit(message)
            with os.fdopen(read_fd, "rb") as source:
                source.seek(0)  # an attempt before this one shared the position
                result, output = TASKS[message["task"]](source, **message["options"])
            answer.send(json.dumps(_written(output, write_fd) or result).encode())
    finally:
        os._exit(0)


def _written(output: bytes, descriptor: int) -> dict[str, Any] | None:
    """A full disk is no fault of the file."""
    if not output:
        return None
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.truncate(0)
            target.seek(0)
            target.write(output)
    except OSError as error:
        return {"lost": errno.errorcode.get(error.errno or 0, "EIO")}
    return None


def _limit(message: dict[str, Any]) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:
        ours = int(statm.read().split()[0]) * _PAGE
    seconds = message["seconds"]
    for what, most in (
        (resource.RLIMIT_AS, ours + message["memory"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, message["output"]),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(message["patience"])  # nobody handles it, so it ends the process, inside a decoder too
    os.nice(message["nice"])
