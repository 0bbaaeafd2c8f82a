"""Pages of intake: what there is, signing in, applying, one's own cases and data, how a case stands."""

from intake.pages.applicant.account import account_pages
from intake.pages.applicant.answers import answer_pages
from intake.pages.applicant.applying import apply_pages
from intake.pages.applicant.asking import asking_pages
from intake.pages.applicant.checking import check_pages
from intake.pages.applicant.codes import code_pages
from intake.pages.front import front_pages
from intake.pages.applicant.own import own_pages
from intake.pages.applicant.own_data import own_data_pages
from intake.pages.applicant.photos import photo_pages
from intake.pages.queue import queue_pages
from intake.pages.signing_in import sign_in_pages, sign_out_pages
from intake.pages.track import lacak, track_pages

OF_APPLICANTS = [
    apply_pages, own_pages, answer_pages, photo_pages, asking_pages, check_pages, own_data_pages, account_pages,
    code_pages,
]  # fmt: skip
BLUEPRINTS = [front_pages, sign_in_pages, sign_out_pages, *OF_APPLICANTS, queue_pages, lacak, track_pages]
"""Those that answer JSON as well are described; the others are for people alone."""
