"""The office in which other systems are tried: no kelurahan has its code, nothing of it counts, and nobody is reached.

Its people are made up. It lies below no kecamatan or city, so that no figure, feed or export of these has anything of
it; its letters say across the page that they are not valid, and so does whoever checks one; its messages stay here.
"""

from __future__ import annotations

CODE = "99.99.99.9999"
"""No province has the number 99, which Kemendagri keeps for none."""


def is_sandbox(kelurahan: object) -> bool:
    """Whether it is this office's."""
    return kelurahan == CODE
