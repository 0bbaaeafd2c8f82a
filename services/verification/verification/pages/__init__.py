"""Pages of verification: what heads and neighbours are asked, and who the heads are."""

from verification.pages.absence import absence_pages
from verification.pages.holders import holder_pages
from verification.pages.introducing import introducing_pages
from verification.pages.links import link_pages, short_links
from verification.pages.places import place_pages
from verification.pages.tasks import task_pages

BLUEPRINTS = [short_links, link_pages, task_pages, absence_pages, introducing_pages, place_pages, holder_pages]
"""Those that answer JSON as well are described; the others are forms."""
