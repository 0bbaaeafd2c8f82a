"""Pages of documents: letters and their signatures, and whether a letter is genuine."""

from documents.pages.acting import acting_pages
from documents.pages.certificates import certificate_pages
from documents.pages.checks import check_pages, printed
from documents.pages.letters import letter_pages
from documents.pages.signing import signing_pages

BLUEPRINTS = [printed, check_pages, signing_pages, certificate_pages, letter_pages, acting_pages]
