"""What a picture is to show: the description, and the key under which it is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

# Part of every key: raise it when the drawing changes, and no folder serves yesterday's pictures.
VERSION: Final = "1"

KINDS: Final = frozenset(
    {
        "KTP",
        "KTP_LAMA",
        "KK",
        "KK_LAMA",
        "SKP",
        "PENGANTAR_RT",
        "PAS_FOTO",
        "SURAT_KEHILANGAN",
        "PERSETUJUAN",
    }
)

# format -> (ending of the file name, content type)
FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "jpeg": ("jpg", "image/jpeg"),
    "heic": ("heic", "image/heic"),
    "webp": ("webp", "image/webp"),
    "png": ("png", "image/png"),
    "pdf": ("pdf", "application/pdf"),
}

# The four EXIF orientations that come from turning a phone; the mirrored ones come from none.
ORIENTATIONS: Final = (1, 3, 6, 8)

_SMALLEST: Final = 64


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """One made-up paper and the way it was photographed or scanned.

    ``fields`` are printed as label and value in their order. ``table`` is printed below them, its first row
    as the head. ``note`` replaces the kind's own paragraph. ``size`` counts the pixels as they are stored:
    with orientation 6 or 8 the upright picture is ``size`` turned. ``jpeg``, ``heic`` and ``webp`` are phone
    photos, ``png`` and ``pdf`` are flatbed scans.
    """

    kind: str
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    table: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    format: str = "jpeg"
    orientation: int = 1
    size: tuple[int, int] = (4000, 3000)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn, naming it; keep a copy of the fields that nobody else can change."""
        object.__setattr__(self, "fields", dict(self.fields))
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of paper: {self.kind!r}")
        if self.format not in FORMATS:
            raise ValueError(f"no such format: {self.format!r}")
        if self.orientation not in ORIENTATIONS:
            raise ValueError(f"orientation is one of {ORIENTATIONS}, not {self.orientation!r}")
        if min(self.size) < _SMALLEST:
            raise ValueError(f"a picture has at least {_SMALLEST} pixels a side, not {self.size!r}")

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as a person sees the picture."""
        width, height = self.size
        return (height, width) if self.orientation in (6, 8) else (width, height)

    @property
    def scanned(self) -> bool:
        """Whether this is a flatbed scan and not a photo."""
        return self.format in ("pdf", "png")

    def key(self) -> str:
        """The hash of everything that shapes the bytes."""
        # Without sort_keys: the order of the fields is the order on the paper.
        text = json.dumps([VERSION, asdict(self)], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def file_name(self) -> str:
        """A name that tells the kind and nothing about the person."""
        ending, _ = FORMATS[self.format]
        return f"{self.kind.lower().replace('_', '-')}-{self.key()[:20]}.{ending}"


def content_type(spec: PaperSpec) -> str:
    """The media type to send a picture with."""
    return FORMATS[spec.format][1]
