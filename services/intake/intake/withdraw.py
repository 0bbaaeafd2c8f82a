"""`python -m intake withdraw-file FILE_ID --by WHO --reason WHY`: nobody reads the file any more, by whatever right.
`python -m intake withdraw-link LINK_ID --by WHO --reason WHY`

A file: every link to it, the permission in the RT head's link and the office's own login end; other services drop it
when they hear of it; its bytes and its viewing copy are removed for good. A link: that link alone ends. Who and why
stand in the case's timeline, where the applicant reads the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.deps import build
from intake.settings import Settings
from intake.usecases.files import withdraw, withdraw_link
from kit.by_hand import ByHand, run

_FILE = ByHand("intake", "withdraw-file", "file", __doc__, withdraw)
_LINK = ByHand("intake", "withdraw-link", "link", __doc__, withdraw_link)


def file_main(arguments: Sequence[str]) -> int:
    """0 when it is withdrawn, 1 when there is no such file; 2, with a sentence on stderr, for wrong arguments."""
    return run(_FILE, Settings, build, arguments)


def link_main(arguments: Sequence[str]) -> int:
    """The same of one link."""
    return run(_LINK, Settings, build, arguments)
