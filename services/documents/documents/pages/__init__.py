"""Pages of documents: letters and their signatures, an officer's desk, and whether a letter is genuine."""

from documents.pages.acting import acting_pages
from documents.pages.book import book_pages
from documents.pages.certificates import certificate_pages
from documents.pages.checks import check_pages, printed
from documents.pages.desk import desk_pages
from documents.pages.handovers import handover_pages
from documents.pages.leaflets import leaflet_pages
from documents.pages.letters import letter_pages
from documents.pages.signing import signing_pages
from documents.pages.templates_of_office import template_pages

BLUEPRINTS = [
    printed, check_pages, signing_pages, certificate_pages, letter_pages, acting_pages, desk_pages, book_pages,
    handover_pages, template_pages, leaflet_pages,
]  # fmt: skip
