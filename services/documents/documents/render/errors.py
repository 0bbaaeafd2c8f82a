"""What can go wrong while a document is rendered.

RenderError
├── RenderFailed      permanent: the same data will fail again
│   ├── MissingGlyph  no font of ours has this character
│   └── TooLong       more pages than a document may have
├── RenderTimeout     took too long, or no renderer was free
└── PoolClosed        the service is shutting down
"""


class RenderError(Exception):
    """A document was not rendered. The text never holds what people wrote."""

    permanent = False


class RenderFailed(RenderError):
    """The layout cannot be filled with this data."""

    permanent = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingGlyph(RenderFailed):
    """A character that none of the fonts can print; with PDF/A a box in its place is not allowed."""

    def __init__(self, character: str) -> None:
        codes = " ".join(f"U+{ord(point):04X}" for point in character)
        super().__init__(f"no font prints the character {character!r} ({codes})")
        self.character = character


class TooLong(RenderFailed):
    """It has more pages than a document may have."""


class RenderTimeout(RenderError):
    """Rendering took longer than the pool allows; the child was killed."""


class PoolClosed(RenderError):
    """The pool is closed or closing."""
