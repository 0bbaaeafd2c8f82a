"""`/v1/links/{token}`: a task for whoever was sent the link, without a login. `/t/{token}` is its page.

Reading uses nothing up, since previews of messages fetch it. The token is no part of any log, and of the
database only its hash is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from kit import answers, audit
from kit.answers import Answer, once
from kit.auth import public
from kit.db import Tx
from kit.language import language
from kit.openapi import refusals
from kit.problems import NotFound
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.domain.tasks import Task
from verification.schemas.tasks import DecisionIn, LinkOut, OriginalsIn, WitnessesIn
from verification.store.messages import Link
from verification.usecases import deciding, reading
from verification.usecases.asking import token_hash

links = Resource("links", __name__, url_prefix="/v1/links", description="Tasks by link, without a login.")


@links.after_request
def _keep_secret(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def known(token: str) -> Link:
    found = reading.find_link(deps(), token)
    if found is None:
        raise NotFound
    return found


def concerns(link: Link, task: Task) -> None:
    """Whose data are shown, and to whom: a link is its reader's login. A closed task shows nobody's."""
    role = "witness" if link.officeholder_id is None else "rw_head" if task.to_acknowledge else "rt_head"
    reader = f"officeholder:{link.officeholder_id}" if link.officeholder_id else f"task:{task.id}"
    about = [task.application_id] if task.open else []
    audit.concerns(*about, tenant=link.kelurahan, reader=reader, role=role, object_id=task.id, via="link")


def show(token: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The task, 200, and its ETag. Raises NotFound."""
    link = known(token)
    with deps().db.transaction(link.kelurahan) as tx:
        task = reading.linked_task(deps(), tx, link)
        if task is None:
            raise NotFound
        concerns(link, task)
        return reading.link_view(deps(), tx, task, language()), 200, {"ETag": answers.etag(task.version)}


def changed_by_link(token: str, body: Any, verb: str, do: Callable[[Tx, Link], Task]) -> Response:
    """What `do` makes of the link's task, once for each key; its secret is no part of what is kept."""
    link = known(token)

    def work(tx: Tx) -> Answer:
        task = do(tx, link)
        concerns(link, task)
        return answers.answer(LinkOut, reading.link_view(deps(), tx, task, language()), version=task.version)

    who = f"link:{token_hash(token).hex()}"
    return once(deps().db, deps().data_keys, who, link.kelurahan, body, work, route=f"POST /v1/links/{verb}")


@links.get("/<token>")
@public
@refusals(links, 404, 503)
@links.response(200, LinkOut, example=examples.LINK)
@audit.shows("task")
def get_link(token: str) -> Any:
    """The task of a link

    Once the task is closed this still answers, with its status and nobody's data."""
    return show(token)


@links.post("/<token>/decision")
@public
@links.arguments(DecisionIn, examples=examples.DECISIONS)
@refusals(links, 400, 404, 409, 415, 422, 503)
@links.response(200, LinkOut, example=examples.LINK_DECIDED)
def decide_by_link(body: dict[str, Any], token: str) -> Response:
    """Decides

    The same decision again gets the same answer; another one is 409 `task-closed`. A neighbour may answer anew until
    the case moves on."""
    return changed_by_link(token, body, "decision", lambda tx, link: deciding.decide_by_link(deps(), tx, link, body))


@links.post("/<token>/originals")
@public
@links.arguments(OriginalsIn, example={"file_ids": ["0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f"]})
@refusals(links, 400, 404, 409, 415, 422, 503)
@links.response(200, LinkOut, example=examples.LINK_DECIDED)
def show_originals_by_link(body: dict[str, Any], token: str) -> Response:
    """Records that he has seen originals

    Those of `originals`: they count as genuine, and a case that waits for nothing else goes on."""
    return changed_by_link(
        token, body, "originals", lambda tx, link: deciding.show_originals_by_link(deps(), tx, link, body["file_ids"])
    )


@links.post("/<token>/witnesses")
@public
@links.arguments(WitnessesIn, example=examples.WITNESSES)
@refusals(links, 400, 403, 404, 409, 415, 422, 503)
@links.response(200, LinkOut, example=examples.LINK)
def ask_witnesses_by_link(body: dict[str, Any], token: str) -> Response:
    """Has neighbours asked

    Those on the `positions` of an attestation, or others whom the RT head wants heard."""
    return changed_by_link(
        token, body, "witnesses", lambda tx, link: deciding.ask_witnesses_by_link(deps(), tx, link, body["witnesses"])
    )
