"""The HTTP API: parse, call one verb, render."""

from verification.api.enrolments import enrolments
from verification.api.links import links
from verification.api.masterdata import masterdata
from verification.api.neighbourhoods import neighbourhoods
from verification.api.officeholders import officeholders
from verification.api.tasks import tasks

BLUEPRINTS = (neighbourhoods, officeholders, masterdata, enrolments, tasks, links)
