"""Frames between the pool and its children: one byte of kind, four of length, the payload."""

import socket
import struct

HEADER = struct.Struct("!cI")

READY = b"H"
RENDER = b"R"
PDF = b"P"
REFUSED = b"E"
GLYPH = b"G"


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Write one frame; the channel's time-out covers the whole of it."""
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(channel: socket.socket) -> tuple[bytes, bytes]:
    """Read one frame; EOFError when the other side is gone."""
    kind, length = HEADER.unpack(_exactly(channel, HEADER.size))
    return kind, _exactly(channel, length)


def _exactly(channel: socket.socket, length: int) -> bytes:
    buffer = bytearray(length)
    view = memoryview(buffer)
    filled = 0
    while filled < length:
        count = channel.recv_into(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return bytes(buffer)
