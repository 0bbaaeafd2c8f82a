"""`python -m tests.files.paper` writes docs/files.md from the table that the tests hold the system to."""

from __future__ import annotations

from pathlib import Path

from tests.files.table import REFUSED, TABLE

PAPER = Path(__file__).resolve().parents[2] / "docs" / "files.md"

_BEFORE = """# Files from strangers: what becomes of each

Written by `python -m tests.files.paper` from `tests/files/table.py`. A test sends every file through the real route
and a real worker, and sees its outcome, what lies in database and store, and what the file cost:
[how](../tests/files/test_strangers.py).

- **refused before anything is stored**: the answer is a problem document of this `type` (`urn:problem:…`), which
  says in Indonesian and English what to do. There is no row, no job and no object.
- **refused by the decoding job and never shown**: it looked whole from outside, and its item is open again with the
  reason. Nobody can read it, not even the original, which stays in the store as it came.
- **accepted and made safe**: the original is kept as it came. What people see is another file: a JPEG drawn anew,
  upright, at most 2000 pixels long, without EXIF, place or maker; or the pages of a PDF saved anew, without what
  acts, without attachments and without metadata. Either comes as an attachment under our own name, with `nosniff`
  and `Content-Security-Policy: sandbox; default-src 'none'`.

What a file was called is kept nowhere. No file may take a child that decodes more than 900 MB, or more than 60
seconds from the first byte to its outcome; what decides are the child's own limits (1 GB of memory, 20 seconds of
processor time, 60 of the clock). Measured on two cores: the largest child had 548 MB (59 megapixels with
transparency), the slowest file took 3 seconds, and the worker itself stayed at 107 MB.

Where a virus scanner is configured, every file that is accepted waits for it first
([operations](operations.md#scanning-for-viruses)); what it finds is refused like what cannot be decoded, and the
original's bytes are removed too.

| file | outcome |
| --- | --- |
"""


def written() -> str:
    """The paper as it should be."""
    lines = [
        f"| {name} | {line.outcome}{f': `{line.slug}`' if line.outcome is REFUSED else ''} |\n"
        for name, line in TABLE.items()
    ]
    return _BEFORE + "".join(lines)


if __name__ == "__main__":
    PAPER.write_text(written(), "utf-8")
