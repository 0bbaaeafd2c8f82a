"""What the layouts of a marriage need besides Models N1 and N2, which `data` has."""

from dataclasses import dataclass
from typing import ClassVar

from documents.render.data import Document, OfficeLetter, Parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual(Parent):
    """Somebody as Models N4, N5 and N6 ask for them. `lineage` is the father's name after `binding` (bin, binti)."""

    lineage: str = ""
    binding: str = "Bin/binti"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathOfSpouse(OfficeLetter):
    """Model N6. `role` is what the deceased was to the survivor: suami or istri."""

    kind: ClassVar[str] = "n6"

    title: str = "Surat Keterangan Kematian Suami/Istri"
    role: str
    deceased: Individual
    died_on: str
    died_at: str = ""
    survivor: Individual


@dataclass(frozen=True, slots=True, kw_only=True)
class MarriageStatement(OfficeLetter):
    """Surat keterangan untuk nikah, to Disdukcapil: of those who do not marry before a KUA."""

    kind: ClassVar[str] = "marriage_statement"

    title: str = "Surat Keterangan untuk Nikah"
    destination: str
    father: str
    mother: str
    former_spouse: str = ""
    partner: Individual
    day: str = ""
    venue: str = ""
    dispensation: bool = False
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplesConsent(Document):
    """Form N4: both agree to marry, and sign it."""

    kind: ClassVar[str] = "n4"

    groom: Individual
    bride: Individual


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentsPermission(Document):
    """Form N5: the parents of `child`, who is under 21, permit the marriage with `partner`."""

    kind: ClassVar[str] = "n5"

    father: Individual
    mother: Individual
    child: Individual
    partner: Individual
