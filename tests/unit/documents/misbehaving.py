"""A child as it would be when a file had taken it over: it does what the \"file\" says."""

import json
import os
import socket
import time

from documents.inspection.one_file import CHANNEL, serve
from documents.render import wire


def answer(content: bytes, _pages: int) -> tuple[bytes, bytes]:
    act = content.decode()
    if act == "crash":
        os.abort()
    if act == "lie":
        return wire.FOUND, b'{"codes": {"a": 1}, "text": [], "title": 7}'
    if act == "flood":
        return wire.FOUND, bytes(5_000_000)
    if act == "hang":
        time.sleep(60)
    if act == "drip":
        _drip()
    return wire.FOUND, json.dumps({"codes": [], "text": _tried(act), "title": ""}).encode()


def _tried(act: str) -> str:
    try:
        if act == "open":
            os.open("/etc/hostname", os.O_RDONLY)
        if act == "open another":
            os.close(0)
            os.open("/etc/hostname", os.O_RDONLY)
        if act == "connect another":
            os.close(0)
            socket.socket()
        if act == "run":
            os.execv("/bin/true", ["true"])
        if act == "kill":
            os.kill(os.getppid(), 0)
        if act == "connect":
            socket.socket()
        if act == "write":
            os.write(2, b"x" * 10)
            os.truncate("/tmp", 1)
    except OSError:
        return "refused"
    return "allowed"


def _drip() -> None:
    channel = socket.socket(fileno=CHANNEL)
    channel.sendall(wire.HEADER.pack(wire.FOUND, 1000))
    while True:
        channel.send(b"x")
        time.sleep(0.1)


if __name__ == "__main__":
    serve(answer, lambda: None)
