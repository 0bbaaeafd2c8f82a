"""The HTTP resources of documents: parse, call a use case, render."""

from documents.api import archive, emblems, paragraphs  # noqa: F401  routes of templates and letters
from documents.api.bundles import bundles
from documents.api.checks import checks
from documents.api.handovers import handovers
from documents.api.leaflets import leaflets
from documents.api.letters import letters
from documents.api.numbers import numbers
from documents.api.registers import registers
from documents.api.signatures import signatures
from documents.api.templates import templates

BLUEPRINTS = [letters, signatures, registers, numbers, templates, checks, handovers, bundles, leaflets]
