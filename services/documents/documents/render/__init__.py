"""Letters and forms as PDF: a pool of child processes fills typst layouts with data."""

from documents.render.errors import MissingGlyph, PoolClosed, RenderError, RenderFailed, RenderTimeout, TooLong
from documents.render.kinds import KINDS
from documents.render.pool import RenderPool

__all__ = [
    "KINDS",
    "MissingGlyph",
    "PoolClosed",
    "RenderError",
    "RenderFailed",
    "RenderPool",
    "RenderTimeout",
    "TooLong",
]
