"""Frames between the pool and its children: one byte of kind, four of length, the payload."""

import socket
import struct
import time

HEADER = struct.Struct("!cI")

READY = b"H"
RENDER = b"R"
PDF = b"P"
REFUSED = b"E"
GLYPH = b"G"
LONG = b"L"
FOUND = b"F"


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Write one frame; the channel's time-out covers the whole of it."""
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(channel: socket.socket, deadline: float | None = None, most: int = 2**28) -> tuple[bytes, bytes]:
    """Read one frame of at most `most` bytes until `deadline`, which is monotonic time. EOFError when the other side is
    gone, ConnectionError when it does not keep to the rules, TimeoutError when it is late."""
    kind, length = HEADER.unpack(_exactly(channel, HEADER.size, deadline))
    if length > most:
        raise ConnectionError("a frame that is too long")
    return kind, _exactly(channel, length, deadline)


def _exactly(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    buffer = bytearray(length)
    view = memoryview(buffer)
    filled = 0
    while filled < length:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            channel.settimeout(left)
        count = channel.recv_into(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return bytes(buffer)
