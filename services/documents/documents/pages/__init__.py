"""Pages of documents: is this letter genuine?"""

from documents.pages.checks import check_pages, printed

BLUEPRINTS = [printed, check_pages]
