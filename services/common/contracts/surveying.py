"""The answer to the survey as people write it in a chat: nine digits in one message. intake reads it; notify knows by
it whom such a message is for, whatever else was asked meanwhile."""

from __future__ import annotations

import re

from contracts.written import one_line

INVITATION = "survey_invitation"
"""The message that asks for it. It is no question to which anything but nine digits is an answer."""
HIGHEST = 4
_SEPARATORS = r"[\s,.;:/|-]"
_NINE = re.compile(rf"[^0-9]{{0,30}}?((?:[1-{HIGHEST}]{_SEPARATORS}*+){{9}})(?![0-9])(.*)\Z", re.DOTALL)


def nine_digits(text: str) -> tuple[tuple[int, ...], str] | None:
    """(scores, what follows them) of `444343434`, `4 4 4 3 …`, with a comment or without; None for anything else."""
    found = _NINE.match(one_line(text))
    if found is None or (found[1][-1:] not in " ,.;:/|-" and found[2][:1].isalnum()):
        return None
    return tuple(int(sign) for sign in found[1] if sign.isdigit()), found[2].strip(" ,.;:/|-")
