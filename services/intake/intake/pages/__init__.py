"""Pages of intake: what there is, signing in, one's own cases, how a case stands."""

from intake.pages.administration.calendar import calendar_pages
from intake.pages.figures import figure_pages
from intake.pages.front import front_pages
from intake.pages.invited import invited_pages
from intake.pages.administration.machines import machine_pages
from intake.pages.administration.office import office_pages
from intake.pages.own import own_pages
from intake.pages.queue import queue_pages
from intake.pages.signing_in import sign_in_pages, sign_out_pages
from intake.pages.administration.sop_edit import sop_edit_pages
from intake.pages.administration.sops import sop_pages
from intake.pages.administration.staff import staff_pages
from intake.pages.track import lacak, track_pages

BLUEPRINTS = [
    front_pages, sign_in_pages, sign_out_pages, invited_pages, own_pages, queue_pages, figure_pages, staff_pages,
    machine_pages, office_pages, calendar_pages, sop_pages, sop_edit_pages, lacak, track_pages,
]  # fmt: skip
"""Those that answer JSON as well are described; the others are for people alone."""
