"""Whether words ask or wish something, or are a mere sign that they were read."""

from __future__ import annotations

import re

from contracts import written

_ASKS = re.compile(
    r"^(?:(?:pak|bu|min|kak|maaf|permisi|halo|mau|ingin|saya|izin|numpang) )*"
    r"(?:apa|apakah|siapa|kapan|kapankah|di ?mana|dimanakah|ke ?mana|bagaimana|gimana|berapa|kenapa|mengapa|tanya|nanya"
    r"|bertanya|boleh(?:kah)?|bisa(?:kah)?|adakah|what|when|where|who|how|why|which|is|are|can|do|does)\b"
)
_READ = frozenset({
    "ok", "oke", "okay", "okey", "siap", "baik", "iya", "ya", "yo", "sip", "mantap", "noted", "hadir", "amin", "aamiin",
    "siap laksanakan", "siap pak", "siap bu", "baik pak", "baik bu", "sudah", "sudah diteruskan", "sudah saya teruskan",
    "diteruskan", "insya allah", "insyaallah", "alhamdulillah", "setuju", "semangat", "tidak", "monitor", "laksanakan",
    "done", "yes", "no", "fine",
})  # fmt: skip
"""An answer out of politeness, which nobody has to answer."""
_TAILS = frozenset(
    {"ya", "pak", "bu", "kak", "min", "lurah", "terima", "kasih", "makasih", "semua", "sudah", "insyaallah"}
)


def kind_of(text: str) -> str | None:
    """`question` for what ends or begins as one, `wish` for what says anything else; None for what says no more than
    that it was read."""
    found = written.words(text)
    bare = list(found)
    while len(bare) > 1 and bare[-1] in _TAILS:
        bare.pop()
    if not bare or " ".join(found) in _READ or " ".join(bare) in _READ:
        return None
    return "question" if "?" in text or _ASKS.match(" ".join(found)) else "wish"
