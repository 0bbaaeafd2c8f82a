"""The client's feed and whole periods: in order, over broken connections, and what is gone is said."""

from __future__ import annotations

import gzip
import json
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.feed import PUBLIC, example_of
from pengantar_client import Client, Event, NotFound, Patience, PositionGone, PositionUnknown, Unreachable
from tests.support.scripted import Asked, Says, scripted

QUICK = Patience(seconds=2, first_gap=0.01, longest_gap=0.02)
FIRST, LAST = date(2026, 8, 1), date(2026, 8, 31)


def query(asked: Asked) -> dict[str, list[str]]:
    return parse_qs(urlsplit(asked.path).query)


def batch(*positions: int, reached: int, newest: int = 9) -> Says:
    events = [example_of(PUBLIC["application.opened"]) | {"position": position} for position in positions]
    return Says(200, events, {"Next-Position": str(reached), "Newest-Position": str(newest)})


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_event_is_read(name: str) -> None:
    raw = json.loads(json.dumps(example_of(PUBLIC[name]), default=str))
    event = Event.read(raw)
    assert (event.type, event.position, event.raw) == (name, 4711, raw) and event.time.tzinfo is not None
    known = [event.case, event.letter_issued, event.letter_voided, event.complaint]
    assert [one for one in known if one is not None] == [raw["data"]]


def test_what_is_no_event_is_said() -> None:
    with pytest.raises(ValueError):
        Event.read({"id": "1"})


def test_following_goes_on_behind_what_was_read_although_nothing_of_it_was_ours() -> None:
    with scripted(batch(3, 4, reached=4), batch(reached=8), batch(9, reached=9)) as server:
        follows = Client(server.url).feed.follow(
            2, types=["application.*", "letter.issued"], kelurahan=["16.71"], wait=1
        )
        batches = list(islice(follows, 3))
    assert [(len(one.events), one.position) for one in batches] == [(2, 4), (0, 8), (1, 9)]
    assert [query(asked)["after"] for asked in server.asked] == [["2"], ["4"], ["8"]]
    assert query(server.asked[0])["types"] == ["application.*,letter.issued"]


@pytest.mark.parametrize(("status", "slug", "kind"), [(410, "gone", PositionGone), (409, "unknown", PositionUnknown)])
def test_a_position_that_is_lost_is_an_error_with_the_ends_of_the_feed(status: int, slug: str, kind: Any) -> None:
    said = {"type": f"urn:problem:feed-position-{slug}", "oldest": 40, "newest": 90}
    with scripted(Says(status, said)) as server, pytest.raises(kind) as lost:
        next(Client(server.url).feed.follow(2))
    assert (lost.value.oldest, lost.value.newest) == (40, 90) and len(server.asked) == 1


# --- whole periods --------------------------------------------------------------------------------------

ROWS = [{"application_id": str(n), "cursor": f"c{n}"} for n in range(9)]


def lines(rows: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def breaking(after: int, cut: int) -> Any:
    """Rows behind the cursor that is asked for, broken off after so many, in the middle of the next."""

    def answer(asked: Asked) -> Says:
        cursor = query(asked).get("cursor", [""])[0]
        rest = ROWS[int(cursor[1:]) + 1 if cursor else 0 :]
        return Says(200, lines(rest[:after]) + lines(rest[after:])[:cut], breaks=bool(rest[after:]))

    return answer


@pytest.mark.parametrize(("after", "cut"), [(1, 0), (2, 10), (4, 1), (9, 0)])
def test_an_export_that_breaks_off_goes_on_behind_the_last_whole_row(after: int, cut: int) -> None:
    with scripted(breaking(after, cut)) as server:
        rows = list(Client(server.url, patience=QUICK).bulk.cases(FIRST, LAST, kelurahan=["16.71.10", "16.71.11"]))
    assert rows == ROWS
    assert len(server.asked) == -(-len(ROWS) // after)
    assert query(server.asked[0])["kelurahan"] == ["16.71.10", "16.71.11"] and query(server.asked[0])["from"] == [
        "2026-08-01"
    ]


@pytest.mark.parametrize("rows", [ROWS, []])
def test_an_export_that_comes_packed_is_unpacked(rows: list[dict[str, str]]) -> None:
    """Broken off as well: what had come of the packed rows is not lost, and none comes twice."""
    packed = gzip.compress(lines(rows))
    half = Says(200, packed[:-4], {"Content-Encoding": "gzip"}, breaks=True)
    whole = Says(200, gzip.compress(b""), {"Content-Encoding": "gzip"})
    with scripted(half, whole) as server:
        assert list(Client(server.url, patience=QUICK).bulk.cases(FIRST, LAST)) == rows
    assert server.asked[0].headers["accept-encoding"] == "gzip"
    assert query(server.asked[1]).get("cursor") == (["c8"] if rows else None)


def test_an_export_that_ends_in_the_middle_of_a_row_is_not_whole() -> None:
    with scripted(Says(200, lines(ROWS[:2])[:-3]), Says(200, lines(ROWS[1:]))) as server:
        assert list(Client(server.url, patience=QUICK).bulk.letters(FIRST, LAST)) == ROWS


def test_an_export_without_any_progress_is_given_up() -> None:
    with scripted(Says(200, b"{", breaks=True)) as server, pytest.raises(Unreachable):
        list(Client(server.url, patience=Patience(0.2, 0.01, 0.02)).bulk.cases(FIRST, LAST))
    assert len(server.asked) > 2


def test_an_export_of_what_is_not_ones_own_is_refused_before_any_row() -> None:
    with scripted(Says(404, {"type": "urn:problem:not-found"})) as server, pytest.raises(NotFound):
        next(Client(server.url).bulk.cases(FIRST, LAST, cursor="c3"))
    assert query(server.asked[0])["cursor"] == ["c3"]
