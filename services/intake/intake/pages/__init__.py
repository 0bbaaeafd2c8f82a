"""Pages of intake: how a case stands."""

from intake.pages.track import lacak, track_pages

BLUEPRINTS = [lacak, track_pages]
"""Those that answer JSON as well are described; the others are forms."""
