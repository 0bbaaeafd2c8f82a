"""What looks beyond one office says so by name, and each such place is known here with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.code import ROOT, sources, tree

SERVICES = ROOT / "services"
NAME = "EVERY_TENANT"
# A request of somebody who is signed in never belongs here: his token says which office he is of.
KNOWN = {
    # The plumbing works for all offices, and says for each thing that it takes up which one that is.
    "common/kit/auth.py TokenReader.read": "refuses a token that would be one for every office",
    "common/kit/batches.py each_batch": "tells states again, a batch of any office at a time",
    "common/kit/bus/consumer.py Consumer._apply": "takes events from the inbox; each is handled as its own office's",
    "common/kit/bus/consumer.py Consumer._count_start": "counts attempts at an event, of whichever office",
    "common/kit/audit.py _record_reading": "a reading's row, which names the office of the reader or of the thing",
    "common/kit/audit.py _tenant": "whether the transaction is an office's, to write which one in the row",
    "common/kit/audit.py complete": "a row that was forgotten, and an error in the log",
    "common/kit/audit_commands.py _say_whose": "an operator's command after a breach",
    "common/kit/audit_commands.py touched": "an operator's command after a breach",
    "common/kit/by_hand.py run": "an operator's command about one thing, named by its id",
    "common/kit/chain.py _sealed": "adds rows to the chain of each office",
    "common/kit/chain.py chains": "an operator's command that walks all chains",
    "common/kit/chain.py seal_all": "finds the offices that have rows to be chained",
    "common/kit/chain.py tail": "how much is not chained yet",
    "common/kit/chain.py verify": "an operator's command that walks all chains",
    "common/kit/ended.py EndedAccess._look": "ends of sessions, before it is known whose request this is",
    "common/kit/own_key.py OwnKey._kept": "a key of the service, which is no office's",
    "common/kit/rates.py check_all": "counts by fingerprint, of nobody's office",
    "common/kit/rates.py look": "counts by fingerprint, of nobody's office",
    "common/kit/quotas.py Quotas.begin": "counts a machine's requests by fingerprint, of nobody's office",
    "common/kit/quotas.py Quotas._count": "counts what a machine was answered by fingerprint, of nobody's office",
    "common/kit/rotation.py Rows._left": "a change of keys goes through everything",
    "common/kit/rotation.py Rows._pass": "a change of keys goes through everything",
    "common/kit/clock.py FollowingClock._look": "reads the clock, which is no office's",
    "common/kit/commands.py dead_jobs": "an operator's command about the queue of jobs",
    "common/kit/due.py _by_itself": "does what is due, one by one, whose ever it is",
    "common/kit/due.py do_due": "finds what is due, whose ever it is",
    "common/kit/jobs.py claim": "takes the next job, fairly across offices; its work is done as the job's office",
    "common/kit/jobs.py put_back": "the queue of jobs",
    "common/kit/jobs.py ready": "the queue of jobs",
    "common/kit/jobs.py release_expired": "the queue of jobs",
    "common/kit/jobs.py renew": "the queue of jobs",
    "common/kit/migrate.py _apply_package": "a migration writes rows of every office",
    "common/kit/roles.py database_answers": "asks for no row at all",
    "common/kit/upkeep.py measure": "counts what waits in the plumbing's tables",
    "common/kit/upkeep.py prune": "forgets what is old in the plumbing's tables",
    # What everybody may know, or what only a secret in the request says the office of.
    "documents/documents/usecases/checking.py _by_bytes": "the public check: a file's hash says which letter it is",
    "documents/documents/usecases/checking.py _by_sight": "the public check: the codes in a file",
    "documents/documents/usecases/reading.py check": "the public check: the code that is printed on a letter",
    "intake/intake/api/files.py opened": "a file by link or grant, which are secrets",
    "intake/intake/api/offices.py list_offices": "the public list of offices",
    "intake/intake/api/record.py read_record": "a record by its link, which is a secret",
    "intake/intake/api/track.py tracked": "how a case stands, by its tracking code, with nobody's name",
    "intake/intake/usecases/complaining/finding.py office_of_ticket": "a complaint's office, by the ticket",
    "intake/intake/usecases/complaining/reading.py status": "how a complaint stands, by its ticket, with nobody's name",
    "intake/intake/pages/offices.py office_choices": "names of offices, to choose one from",
    "intake/intake/pages/offices.py places_of_staff": "names of offices and what is above them, to choose one from",
    "intake/intake/usecases/surveys.py find": "the survey of a link, which is a secret",
    "verification/verification/usecases/reading.py find_link": "a task by its link, which is a secret",
    "intake/intake/usecases/reports.py side_by_side": "figures of the offices below a kecamatan or city, for it",
    "intake/intake/usecases/complaining/finding.py office_of": "the office of a complaint, held against his own code",
    "intake/intake/usecases/complaining/reading.py _tenant": "what came up to a kecamatan or city, from those below it",
    "intake/intake/usecases/offices.py _first": "name and clock of a kecamatan or city, as the offices below it say",
    "intake/intake/usecases/offices.py reached": "which offices there are; each is then read as its own",
    "documents/documents/usecases/archive.py reached": "which offices there are; each is then read as its own",
    "intake/intake/usecases/signing_in.py by_key": "a machine by its id and key; from then on as its office",
    "intake/intake/usecases/talking/links.py come_in": "whose link it is is found by the link, which is a secret",
    "intake/intake/usecases/talking/links.py bearer": "the same; a first name and the end of a number are shown",
    "intake/intake/usecases/signing_in.py refresh": "a session by its refresh token, which is a secret",
    "intake/intake/usecases/signing_in_by_provider.py begin": "a sign-in, before it is known whose office it is",
    "intake/intake/usecases/signing_in_by_provider.py finish": "an account by the provider's word, of any office",
    "intake/intake/usecases/staff.py accept": "an account by its invitation, which is a secret",
    "intake/intake/usecases/staff.py look_at_invitation": "an account by its invitation, which is a secret",
    # The business clock is everybody's.
    "intake/intake/api/offices.py put_clock": "moves the clock of a system for trying",
    "intake/intake/usecases/clock.py _tell": "tells all of the clock",
    # After the migrations, by the hour, by command: offices are gone through.
    "documents/documents/app.py after_migrate": "drafts and leaflets whose layout changed with a release",
    "documents/documents/usecases/bundles.py prune": "old bundles go",
    "documents/documents/usecases/leaflets.py follow": "finds services whose next version is in force by now",
    "documents/documents/usecases/signers.py _changed_today": "which offices have another signer today",
    "documents/documents/usecases/signing.py lose_track": "signings that died with their process",
    "intake/intake/jobs.py measure_quarantine": "how long the oldest file waits for the scanner",
    "intake/intake/usecases/accesses.py keep": "who read a case, who may be of another office than the case",
    "intake/intake/usecases/sessions.py prune": "old sessions go",
    "intake/intake/usecases/requests.py watch": "how many requests about people's data are near the end of their time",
    "intake/intake/usecases/openings.py tell_openings": "which offices have opened and were not told of their day",
    "intake/intake/refigure.py main": "which offices there are, whose figures an operator has measured again",
    "intake/intake/usecases/figures.py roll_up": "which months of which office are to be counted",
    "intake/intake/usecases/upkeep.py prepare": "the shipped offices",
    "intake/intake/usecases/upkeep.py republish": "tells everything again",
    "notify/notify/usecases/pushing.py hand_out": "which other systems have something to get, of any office",
    "notify/notify/usecases/pushing.py push": "a subscription may be for several offices, all below its maker's",
    "notify/notify/usecases/pushing.py measure": "how far other systems are behind, as a gauge",
    "notify/notify/usecases/pushing.py prune": "attempts whose time is over",
    "notify/notify/usecases/spreading.py _unsettled": "announcements on their way; each is counted as its own office's",
    "notify/notify/usecases/trying.py send": "a made-up event, which is of no office",
    "notify/notify/usecases/subscriptions.py _all_of_the_feed": "where an instant lies in the feed, the same for all",
    "notify/notify/store/erasing.py erase_sender": "requests of an erased number, for any office",
    "notify/notify/deps.py newest": "how far the feed has come, for those who wait for it: a number",
    "notify/notify/store/feed.py _of_all": "which positions the feed has or lost: numbers, which are no office's",
    "notify/notify/usecases/feeding.py _next_batch": "one order of the events of all offices",
    "notify/notify/usecases/feeding.py look_after": "parts of the feed are made and dropped for all offices at once",
    "notify/notify/usecases/feeding.py measure": "a gauge: how far the giving of positions is behind",
    "notify/notify/usecases/arrivals.py work": "a request may be for several offices; its effect is one office's",
    "notify/notify/usecases/arrivals.py prune": "requests of channels' servers whose time is over",
    "notify/notify/usecases/arrivals.py _next": "a request may be for several offices; its effect is one office's",
    "notify/notify/usecases/media.py soon": "an operator's command: files that could not be fetched so far",
    "notify/notify/usecases/arrivals.py measure": "a gauge: how much was set aside or is held",
    "notify/notify/usecases/arrivals.py take_again": "an operator's command: what was set aside",
    "notify/notify/usecases/stopping.py tell_again": "republish tells everything again",
    "notify/notify/usecases/webhooks.py keep": "a signed request, before it is known whose what is in it is",
    "notify/notify/store/costs.py service_messages": "what went out from a number, which several offices may share",
    "notify/notify/usecases/costs.py measure": "what each office has used up of its budget, as a gauge",
    "notify/notify/usecases/outages.py _every_office": "a number that is out of order, which several offices may share",
    "notify/notify/usecases/outages.py measure": "how many numbers are out of order, as a gauge",
    "notify/notify/usecases/sending.py give_up_unclear": "messages of which nothing was heard for an hour",
    "notify/notify/usecases/sending.py wipe_codes": "codes that have served",
    "intake/intake/erasures.py _wait": "an operator's command: how many erasures are not done yet",
    "intake/intake/store/account_ends.py since": "the ledger of ended accesses, for a restore",
    "intake/intake/store/erasures.py since": "the ledger of erasures, for a restore",
    "intake/intake/usecases/erasing.py erase_over": "offices whose cases' time may be over",
    "intake/intake/usecases/records.py prune": "records whose week is over",
    "notify/notify/usecases/erasing.py erase_old": "offices whose messages' time may be over",
    "notify/notify/usecases/sending.py wake_resting": "messages whose hour has come",
    "verification/verification/app.py republish": "tells everything again",
    "verification/verification/usecases/erasing.py erase_old": "offices whose messages' time may be over",
    "verification/verification/withdraw.py list_main": "an operator's command: the links into a task, by their ids",
    "verification/verification/usecases/heads.py follow_days": "offices in which a day began",
}


def _places(path: Path) -> Iterator[str]:
    """`file function` of each place of a file that names every office."""

    def visit(node: ast.AST, where: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Name) and child.id == NAME and isinstance(child.ctx, ast.Load):
                yield f"{path.relative_to(SERVICES)} {where}"
            inner = where
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{where}.{child.name}".lstrip(".")
            yield from visit(child, inner)

    return visit(tree(path), "")


def test_each_place_that_sees_every_office_is_known_with_its_reason() -> None:
    found = {place for path in sources(SERVICES) for place in _places(path)}
    assert sorted(found - KNOWN.keys()) == [], "sees the rows of every office: if it must, say here why"
    assert sorted(KNOWN.keys() - found) == [], "does so no more"


def test_nothing_sees_every_office_under_another_name() -> None:
    hidden = []
    for path in sources(SERVICES):
        for node in ast.walk(tree(path)):
            renamed = isinstance(node, ast.ImportFrom) and any(one.name == NAME and one.asname for one in node.names)
            by_hand = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("transaction", "use_tenant")
                and any(isinstance(one, ast.Constant) and one.value == "*" for one in node.args)
            )
            if renamed or by_hand:
                hidden.append(f"{path.relative_to(SERVICES)}:{node.lineno}")  # type: ignore[attr-defined]
    assert hidden == []
