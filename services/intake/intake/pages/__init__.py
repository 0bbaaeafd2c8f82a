"""Pages of intake: what there is and how a case stands, for anybody; signing in; applicants, the desk, the office."""

from intake.pages.administration.calendar import calendar_pages
from intake.pages.administration.machines import machine_pages
from intake.pages.administration.office import office_pages
from intake.pages.administration.sop_edit import sop_edit_pages
from intake.pages.administration.sops import sop_pages
from intake.pages.administration.staff import staff_pages
from intake.pages.applicant.account import account_pages
from intake.pages.applicant.answers import answer_pages
from intake.pages.applicant.applying import apply_pages
from intake.pages.applicant.asking import asking_pages
from intake.pages.applicant.checking import check_pages
from intake.pages.applicant.codes import code_pages
from intake.pages.applicant.own import own_pages
from intake.pages.applicant.own_data import own_data_pages
from intake.pages.applicant.photos import photo_pages
from intake.pages.complaints.filing import filing_pages
from intake.pages.complaints.following import following_pages
from intake.pages.desk import complaint, correcting, scans, steps  # forms, each beside the page that shows it
from intake.pages.desk.case import case_pages
from intake.pages.desk.complaints import complaint_desk_pages
from intake.pages.desk.counter import counter_pages
from intake.pages.desk.queue import queue_pages
from intake.pages.desk.requests import request_pages
from intake.pages.desk.search import search_pages
from intake.pages.desk.survey import survey_desk_pages
from intake.pages.desk.today import today_pages
from intake.pages.desk.written import written_pages
from intake.pages.figures import figure_pages
from intake.pages.front import front_pages
from intake.pages.invited import invited_pages
from intake.pages.linked import linked_pages
from intake.pages.public_figures import angka
from intake.pages.samples import sample_pages
from intake.pages.signing_in import sign_in_pages, sign_out_pages
from intake.pages.survey import survey_pages
from intake.pages.track import lacak, track_pages

__all__ = ["BLUEPRINTS", "complaint", "correcting", "scans", "steps"]

_SIGNING_IN = [sign_in_pages, sign_out_pages, invited_pages, linked_pages]
_APPLICANT = [
    apply_pages, own_pages, answer_pages, photo_pages, asking_pages, check_pages, own_data_pages, account_pages,
    code_pages, sample_pages,
]  # fmt: skip
_DESK = [
    queue_pages,
    today_pages,
    case_pages,
    counter_pages,
    search_pages,
    request_pages,
    written_pages,
    survey_desk_pages,
    complaint_desk_pages,
]
_ADMINISTRATION = [staff_pages, machine_pages, office_pages, calendar_pages, sop_pages, sop_edit_pages]
BLUEPRINTS = [
    front_pages, filing_pages, following_pages, *_SIGNING_IN,
    *_APPLICANT, *_DESK, *_ADMINISTRATION, figure_pages, survey_pages, lacak, angka,
    track_pages,
]  # fmt: skip
"""Those that answer JSON as well are described; the others are for people alone."""
