"""What each layout needs to be filled in: one frozen dataclass per kind, turned into JSON by `to_json`.

Every text is what is printed: dates and times are in their Indonesian long form, names as people gave them, RT and RW
with three digits. An optional text that is empty leaves its row out of a letter; the official models (N1, N2, F-1.02)
keep the row, with a dash or a dotted line to write on.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

LAYOUTS = Path(__file__).resolve().parent.parent / "layouts"

Paper = Literal["f4", "a4", "a4_landscape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The kelurahan on the letterhead; the names carry their kind: `Kelurahan Bukit Sangkal`, `Kota Palembang`."""

    village: str
    district: str
    city: str
    address: str
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs. `position` opens the letter; `lines` are the ladder above the name (`a.n. Lurah …`, `Sekretaris,`)."""

    position: str
    lines: tuple[str, ...]
    name: str
    rank: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved electronically and when; printed where a signature would stand."""

    name: str
    role: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How the letter is signed (contracts.signing), and whether an Indonesian PSrE stands behind the certificate."""

    method: str = "approval"
    certified: bool = False
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Where anyone can check the letter; the QR code is made from this address."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The RT head's introduction that a letter rests on; `issuer` as in `Ketua RT 023 RW 005`."""

    issuer: str
    number: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the letter is about. `area` is the rest of the address: kelurahan, kecamatan, city."""

    name: str
    nik: str
    family_card: str = ""
    family_head: str = ""
    birth_place: str = ""
    birth_date: str = ""
    age: str = ""
    sex: str = ""
    nationality: str = ""
    religion: str = ""
    marital_status: str = ""
    education: str = ""
    occupation: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emblem:
    """The office's own picture on the letterhead: a PNG in the object store, named by its hash."""

    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The office's own head; the last of `lines` is the largest."""

    lines: tuple[str, ...]
    address: str
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What an office has put in place of a layout's own words, by its version; what is empty is the layout's own.
    `paragraph` is the officer's, for this letter alone; `rows` names the rows of the identity, in order."""

    version: int = 0
    letterhead: Letterhead | None = None
    opening: str = ""
    rows: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    paragraph: str = ""
    closing: str = ""
    validity_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What all kinds share. `sample` prints CONTOH and `draft` DRAF across the page, `trial` that it is not valid."""

    kind: ClassVar[str]

    office: Office
    person: Person
    place: str
    date: str = ""
    sample: bool = False
    trial: bool = False
    draft: bool = False
    paper: Paper = "f4"
    emblem: Emblem | None = None

    def to_json(self) -> dict[str, Any]:
        """The document as JSON data, equal to what comes back from a database."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Document):
    """A numbered letter. `number`, `date`, `check`, `approval` and `signature` are known only when it is issued."""

    title: str
    number: str = ""
    check: Check | None = None
    approval: Approval | None = None
    signature: Signature | None = None
    valid_until: str = ""
    copies: tuple[str, ...] = ()
    texts: Texts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction(Letter):
    """Surat pengantar RT: the head of the neighbourhood vouches for a resident; `approval` replaces the signature."""

    kind: ClassVar[str] = "introduction"

    title: str = "Surat Pengantar"
    rt: str
    rw: str
    purpose: str
    head: str
    role: str = "Ketua RT"
    remarks: str = ""
    acknowledged: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLetter(Letter):
    """A letter that the lurah, or who acts for the lurah, signs."""

    signer: Signer
    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMember:
    """A row of the family's table; `relation` is the SHDK of the family card."""

    nik: str
    name: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCardIntroduction(OfficeLetter):
    """Surat pengantar KK; `destination` is who issues the card itself."""

    kind: ClassVar[str] = "kk_introduction"

    title: str = "Surat Pengantar Kartu Keluarga"
    destination: str
    reason: str
    old_family_card: str = ""
    members: tuple[FamilyMember, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCardIntroduction(OfficeLetter):
    """Surat pengantar KTP-el, with a place for the photograph and the holder's own signature."""

    kind: ClassVar[str] = "ktp_introduction"

    title: str = "Surat Pengantar KTP-el"
    destination: str
    reason: str
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Father or mother as Model N1 asks for them."""

    name: str
    nik: str = ""
    birth_place: str = ""
    birth_date: str = ""
    nationality: str = ""
    religion: str = ""
    occupation: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarriageIntroduction(OfficeLetter):
    """Model N1. `lineage` is the father's name after bin or binti, `person.marital_status` the word of row 11.
    `dispensation`: one of the couple is so young that only a court can allow it."""

    kind: ClassVar[str] = "n1"

    title: str = "Pengantar Nikah"
    lineage: str
    former_spouse: str = ""
    father: Parent
    mother: Parent
    dispensation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """The place of business that a letter speaks of."""

    name: str
    type: str
    address: str
    rt: str = ""
    rw: str = ""
    tenure: str = ""
    area: str = ""
    since: str = ""
    employees: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What a neighbour said; `position` as in `Depan`, `statement` as in `Tidak keberatan`."""

    position: str
    name: str
    address: str
    statement: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessPlaceLetter(OfficeLetter):
    """Surat keterangan tempat usaha, with the neighbours' statements when there are any."""

    kind: ClassVar[str] = "business_place"

    title: str = "Surat Keterangan Tempat Usaha"
    business: Business
    neighbours: tuple[Neighbour, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(OfficeLetter):
    """A letter in a SOP's own words. With `about` it speaks of somebody else, and `person` reports it."""

    kind: ClassVar[str] = "keterangan"

    title: str
    about: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document of the bundle: what it is, how it stands, and its pages there (`3–4`)."""

    name: str
    state: str
    pages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle(Document):
    """The first page of everything of a case: its checklist, and what follows on which page."""

    kind: ClassVar[str] = "bundle"

    paper: Paper = "a4"
    service: str
    agenda: str = ""
    tracking_code: str
    printed_at: str
    checklist: tuple[Sheet, ...] = ()
    contents: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A number of the book; a void one is struck, and `state` says who voided it, when and why."""

    n: str
    date: str
    number: str
    addressee: str
    subject: str
    state: str
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSeries:
    """A series of the book; `notes` say which of its numbers are on paper."""

    name: str
    notes: tuple[str, ...] = ()
    lines: tuple[RegisterLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Document):
    """The book of letter numbers (buku agenda) of a year, or of a part of it."""

    kind: ClassVar[str] = "register"

    paper: Paper = "a4_landscape"
    year: str
    period: str = ""
    printed_at: str
    series: tuple[RegisterSeries, ...] = ()


def _ticks(part: str) -> frozenset[str]:
    tree = json.loads((LAYOUTS / "f102.json").read_text(encoding="utf-8"))
    groups = [group["items"] for group in tree[part]] if part == "requests" else [tree[part]]
    return frozenset(item["key"] for items in groups for item in items if "key" in item)


F102_REQUESTS = _ticks("requests")
F102_ATTACHMENTS = _ticks("attachments")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRegistration(Document):
    """Form F-1.02; `requests` and `attachments` name the boxes to tick, out of F102_REQUESTS and F102_ATTACHMENTS."""

    kind: ClassVar[str] = "f102"

    requests: tuple[str, ...]
    attachments: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        unknown = (set(self.requests) - F102_REQUESTS) | (set(self.attachments) - F102_ATTACHMENTS)
        if unknown:
            raise ValueError(f"no such box in F-1.02: {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarriageRequest(Document):
    """Form N2, from `person` to the head of the KUA. `attachments` are ticked lines of plain text."""

    kind: ClassVar[str] = "n2"

    recipient: str
    groom: str
    bride: str
    day: str = ""
    time: str = ""
    venue: str = ""
    dowry: str = ""
    attachments: tuple[str, ...] = ()
