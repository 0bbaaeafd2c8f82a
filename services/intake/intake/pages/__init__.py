"""Pages of intake: what there is, signing in, one's own cases, how a case stands; and the officer's desk."""

from intake.pages.desk import correcting, scans, steps  # the case's forms, each beside the page that shows it
from intake.pages.desk.case import case_pages
from intake.pages.desk.counter import counter_pages
from intake.pages.front import front_pages
from intake.pages.own import own_pages
from intake.pages.desk.queue import queue_pages
from intake.pages.desk.requests import request_pages
from intake.pages.desk.search import search_pages
from intake.pages.signing_in import sign_in_pages, sign_out_pages
from intake.pages.desk.today import today_pages
from intake.pages.track import lacak, track_pages

__all__ = ["BLUEPRINTS", "correcting", "scans", "steps"]

BLUEPRINTS = [
    front_pages,
    sign_in_pages,
    sign_out_pages,
    own_pages,
    queue_pages,
    today_pages,
    case_pages,
    counter_pages,
    search_pages,
    request_pages,
    lacak,
    track_pages,
]
"""Those that answer JSON as well are described; the others are for people alone."""
