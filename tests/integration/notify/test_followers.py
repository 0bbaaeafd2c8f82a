"""A consumer of the feed that is killed at random knows in the end what was told of each case; so does a new one."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from werkzeug.serving import make_server

from kit.db import EVERY_TENANT
from notify.store import feed
from notify.usecases import feeding
from tests.integration.notify.story import Story, publish
from tests.support.eventually import eventually
from tests.support.followed import assert_in_order
from tests.support.follower import Follower, killed_at_random
from tests.support.services import InProcess
from tests.support.serving import serving
from tests.support.tokens import token

CHANGES = ("opened", "submitted", "received", "verified", "issued", "completed")
CASES = 24


def test_a_consumer_that_is_killed_at_random_knows_all_in_the_end(notify: InProcess, tmp_path: Path) -> None:
    publish(notify)
    stories = [Story(notify) for _ in range(CASES)]
    written = threading.Event()

    def write() -> None:
        chance = random.Random(7)
        for number in range(len(CHANGES)):
            for story in chance.sample(stories, CASES):
                story.tell(f"application.{CHANGES[number]}")
                time.sleep(0.02)
        written.set()

    def place() -> None:
        while not written.is_set():
            feeding.give_positions(notify.deps)
            time.sleep(0.05)

    bearer = token("events.read", tenant="16.71")
    with serving(make_server("127.0.0.1", 0, notify.app, threaded=True)) as server:
        base_url = f"http://127.0.0.1:{server.server_port}"
        threads = [threading.Thread(target=work) for work in (write, place)]
        with killed_at_random(base_url, bearer, tmp_path, longest=1.5) as kept:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        feeding.give_positions(notify.deps)
        readers = [Follower(base_url, bearer, kept), Follower(base_url, bearer, tmp_path / "new.db")]
        for reader in readers:
            eventually(lambda reader=reader: not reader.step(wait=0), within=30, every=0, what="all is read")  # type: ignore[misc]
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        assert readers[0].position == feed.newest(tx)
    for reader in readers:
        assert_in_order(reader)
        assert {case: told["status"] for case, told in reader.state("application").items()} == _statuses(notify)
    assert readers[0].seen() == readers[1].seen()
    assert len(readers[0].seen()) == CASES * len(CHANGES)


def _statuses(notify: InProcess) -> dict[str, str]:
    """What notify itself keeps of the cases."""
    return {str(row["id"]): row["status"] for row in notify.rows("SELECT id, status FROM application")}
