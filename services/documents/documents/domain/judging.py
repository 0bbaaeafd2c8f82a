"""What a stranger's file is to us, from its bytes and from what was seen in it.

    genuine                     its bytes are those of a letter that we issued
    changed                     it comes from a letter of ours, but its bytes are not ours
    foreign_file_with_our_code  it shows the code of a letter of ours, and nothing else in it is that letter
    unknown                     nothing of ours was found

`changed` and `foreign` cannot be told apart with certainty: everything on a letter can be copied into any file. What is
said is therefore only what was found. `changed` takes one of two things besides bytes that differ:

- the file begins with all the bytes of a letter: something was appended, as programs do that add a note or a page over
  the page;
- it shows the code of a letter, and its text or its title names that letter's number, as our letters' do. So does a
  letter that was saved again, edited or merged with others, and so does a careful imitation.

A code without its number in the text is `foreign`: somebody's paper with our QR pasted on it, but a scan or a
screenshot of a genuine letter too, which has no text. Neither can be vouched for, and the answer says to compare.

The name of the person is deliberately no sign: with it a stranger who holds a code could find out the name by trying.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from documents.domain.checks import LENGTH, read_token

GENUINE, CHANGED, FOREIGN, UNKNOWN = KINDS = ("genuine", "changed", "foreign_file_with_our_code", "unknown")
SIGNS = ("our_bytes", "our_code", "our_address", "our_number")
TOKENS = 8
"""So many codes of one file are looked up."""
_SHORTEST_NUMBER = 4
"""A shorter number stands in any text."""

STATEMENTS: Mapping[str, str] = {
    GENUINE: "Berkas ini sama persis dengan yang kami terbitkan.",
    CHANGED: "Berkas ini memuat surat kami, tetapi SUDAH BERUBAH: isinya tidak sama dengan berkas yang kami terbitkan."
    " Jangan terima sebelum dicocokkan dengan data surat di sini, dan mintalah berkas yang asli.",
    FOREIGN: "Berkas ini memuat kode surat kami, tetapi BUKAN berkas yang kami terbitkan: mungkin hasil pindai atau"
    " foto, mungkin surat lain yang ditempeli kode kami. Cocokkan setiap isinya dengan data surat di sini.",
    UNKNOWN: "Berkas ini tidak kami kenal: tidak ada surat kami dengan isi atau kode ini.",
}
CODE_UNKNOWN = (
    "Berkas ini memuat alamat pemeriksaan kami, tetapi TIDAK ADA surat dengan kode itu. Jangan terima sebelum bertanya"
    " ke kelurahan."
)


@dataclass(frozen=True)
class Seen:
    """What a file shows: the texts of its QR codes, the text of its pages, the title that it gives itself."""

    codes: tuple[str, ...]
    text: str
    title: str


@dataclass(frozen=True)
class Judgement:
    """What the file is, what speaks for it (SIGNS), in a sentence, and the code of the letter that it is about."""

    kind: str
    statement: str
    signs: tuple[str, ...] = ()
    token: str | None = None


def tokens_of(public_url: str, seen: Seen) -> dict[str, str]:
    """The codes that the file shows at our own address, each with its sign: in a QR code before in the text."""
    found = {token: "our_code" for code in seen.codes if (token := token_at(public_url, code))}
    base = re.escape(squashed(public_url) + "/periksa/")
    for match in re.finditer(f"{base}([0-9a-z]{{{LENGTH}}})", squashed(seen.text)):
        token = read_token(match[1])
        if token:
            found.setdefault(token, "our_address")
    return dict(list(found.items())[:TOKENS])


def token_at(public_url: str, address: str) -> str | None:
    """The code in an address of ours, `{public_url}/periksa/{code}`; None for any other address, however like."""
    try:
        ours, theirs = urlsplit(public_url), urlsplit(address.strip())
        same = (theirs.hostname, theirs.port) == (ours.hostname, ours.port)
    except ValueError:
        return None
    before, _, token = theirs.path.rpartition("/")
    if not same or theirs.username is not None or theirs.scheme not in ("http", "https"):
        return None
    return read_token(token) if before == f"{ours.path}/periksa" else None


def judge(tokens: Mapping[str, str], numbers: Mapping[str, str], seen: Seen) -> Judgement:
    """A file whose bytes are not ours: `tokens` that it shows with their signs, `numbers` of those that we know."""
    known = [token for token in tokens if token in numbers]
    if not known:
        return Judgement(UNKNOWN, CODE_UNKNOWN if tokens else STATEMENTS[UNKNOWN])
    for token in known:
        if names(seen, numbers[token]):
            return Judgement(CHANGED, STATEMENTS[CHANGED], (tokens[token], "our_number"), token)
    return Judgement(FOREIGN, STATEMENTS[FOREIGN], (tokens[known[0]],), known[0])


def names(seen: Seen, number: str) -> bool:
    """Whether the file's text or title has this number, wherever its lines break."""
    wanted = squashed(number)
    return len(wanted) >= _SHORTEST_NUMBER and any(wanted in squashed(text) for text in (seen.text, seen.title))


def squashed(text: str) -> str:
    """Without white space and without the difference of large and small letters."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def first_of(hashes: Iterable[str], known: Mapping[str, str]) -> str | None:
    """The code of the letter that one of these hashes belongs to."""
    return next((known[one] for one in hashes if one in known), None)
