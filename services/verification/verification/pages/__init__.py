"""Pages of verification: what heads and neighbours are asked."""

from verification.pages.links import link_pages, short_links

BLUEPRINTS = [short_links, link_pages]
"""Those that answer JSON as well are described; the others are forms."""
