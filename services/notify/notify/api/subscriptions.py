"""`/v1/subscriptions`: other systems that are told what happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, check_if_match, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.web import Resource
from notify import subscription_schemas as shapes
from notify.api import subscription_examples as examples
from notify.api.common import deps
from notify.domain.subscriptions import Subscription
from notify.schemas import Nothing
from notify.usecases import showing_subscriptions as showing
from notify.usecases import subscriptions
from notify.usecases.subscriptions import MANAGERS

blp = Resource("subscriptions", __name__, url_prefix="/v1/subscriptions", description="Other systems that are told.")

_CHANGES = (400, 401, 403, 404, 409, 412, 415, 422, 503)


@blp.get("")
@allow(*MANAGERS)
@blp.arguments(PageQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, shapes.SubscriptionPage, example=examples.SUBSCRIPTIONS)
@audit.shows_nobody("other systems")
def list_subscriptions(query: dict[str, Any]) -> dict[str, Any]:
    """Subscriptions

    A machine sees its own, an administrator all of the same office, kecamatan or city."""
    with deps().db.transaction(caller().tenant) as tx:
        return showing.listed(deps(), tx, caller(), query)


@blp.post("")
@allow(*MANAGERS)
@blp.arguments(shapes.SubscriptionIn, example=examples.SUBSCRIPTION_IN)
@refusals(blp, 400, 401, 403, 404, 409, 415, 422, 503)
@blp.response(201, shapes.SubscriptionMade, example=examples.SUBSCRIPTION_MADE)
def make_subscription(body: dict[str, Any]) -> Response:
    """Be told what happens

    Each event goes out as a POST, signed as Standard Webhooks say. The secret is shown this once."""

    def work(tx: Tx) -> Answer:
        made = subscriptions.make(deps(), tx, caller(), body)
        return answers.answer(
            shapes.SubscriptionMade, showing.shown(deps(), tx, made, secret=True), 201, version=made.version,
            Location=f"/v1/subscriptions/{made.id}",
        )  # fmt: skip

    with recorded("places"):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.get("/<uuid:subscription_id>")
@allow(*MANAGERS)
@refusals(blp, 401, 403, 404, 503)
@blp.response(200, shapes.SubscriptionOut, example=examples.SUBSCRIPTION)
@audit.shows_nobody("another system")
def get_subscription(subscription_id: UUID) -> Any:
    """One subscription, and how it stands"""
    with recorded(subscription_id), deps().db.transaction(caller().tenant) as tx:
        found = subscriptions.find(deps(), tx, caller(), subscription_id)
        return showing.shown(deps(), tx, found), 200, {"ETag": answers.etag(found.version)}


@blp.patch("/<uuid:subscription_id>")
@allow(*MANAGERS)
@blp.arguments(shapes.SubscriptionChange, example={"types": ["application.*", "letter.*"]})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.SubscriptionOut, example=examples.SUBSCRIPTION)
def change_subscription(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Change what is sent where

    What is not sent stays. At another address it is tried at once."""
    return _changed(subscription_id, body, lambda tx: subscriptions.change(
        deps(), tx, caller(), subscription_id, body, check_if_match
    ))  # fmt: skip


@blp.delete("/<uuid:subscription_id>")
@allow(*MANAGERS)
@refusals(blp, 401, 403, 404, 412, 503)
@blp.response(204)
def end_subscription(subscription_id: UUID) -> None:
    """End it

    With its log. What is being sent at this moment may still arrive."""
    with recorded(subscription_id), deps().db.transaction(caller().tenant) as tx:
        subscriptions.end(deps(), tx, caller(), subscription_id, check_if_match)
        audit.changed(tx, status=204)


@blp.post("/<uuid:subscription_id>/secret")
@allow(*MANAGERS)
@blp.arguments(shapes.Rotation, example={"overlap_hours": 24})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.SubscriptionMade, example=examples.SUBSCRIPTION_MADE)
def rotate_secret(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Make its next secret

    Shown this once. Until the overlap is over those before sign as well, and any of them checks."""
    return _changed(
        subscription_id, body,
        lambda tx: subscriptions.rotate(
            deps(), tx, caller(), subscription_id, timedelta(hours=body["overlap_hours"]), check_if_match
        ),
        secret=True,
    )  # fmt: skip


@blp.post("/<uuid:subscription_id>/test")
@allow(*MANAGERS)
@blp.arguments(Nothing, example={})
@refusals(blp, 400, 401, 403, 404, 409, 415, 422, 503)
@blp.response(202, shapes.Asked, example=examples.ASKED)
def test_subscription(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Send a made-up event

    `subscription.tested`, once and without a further attempt. What became of it is in the log."""

    def work(tx: Tx) -> Answer:
        event_id = subscriptions.test(deps(), tx, caller(), subscription_id)
        headers = {
            "Location": f"/v1/subscriptions/{subscription_id}/deliveries?event_id={event_id}",
            "Retry_After": "1",
        }
        return answers.answer(shapes.Asked, {"event_id": event_id}, 202, **headers)

    with recorded(subscription_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.post("/<uuid:subscription_id>/suspend")
@allow(*MANAGERS)
@blp.arguments(Nothing, example={})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.SubscriptionOut, example=examples.SUBSCRIPTION)
def pause_subscription(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Stop sending

    Its place in the feed is kept, as long as the feed itself keeps what comes."""
    return _changed(
        subscription_id, body, lambda tx: subscriptions.pause(deps(), tx, caller(), subscription_id, check_if_match)
    )


@blp.post("/<uuid:subscription_id>/resume")
@allow(*MANAGERS)
@blp.arguments(Nothing, example={})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.SubscriptionOut, example=examples.SUBSCRIPTION)
def resume_subscription(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Go on sending

    From where it stands and at once, whatever had stopped it; not where it has no places left."""
    return _changed(
        subscription_id, body, lambda tx: subscriptions.resume(deps(), tx, caller(), subscription_id, check_if_match)
    )


@blp.post("/<uuid:subscription_id>/replay")
@allow(*MANAGERS)
@blp.arguments(shapes.Period, example=examples.PERIOD)
@refusals(blp, *_CHANGES)
@blp.response(202, shapes.SubscriptionOut, example=examples.SUBSCRIPTION)
def replay_period(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Send a period again

    What came into the feed then, under the same ids; up to its `position`, also from before it was made, as far as
    it is still kept."""
    return _changed(
        subscription_id, body,
        lambda tx: subscriptions.replay(
            deps(), tx, caller(), subscription_id, body["since"], body["until"], check_if_match
        ),
        status=202,
    )  # fmt: skip


@blp.get("/<uuid:subscription_id>/deliveries")
@allow(*MANAGERS)
@blp.arguments(shapes.AttemptsQuery, location="query")
@refusals(blp, 401, 403, 404, 422, 503)
@blp.response(200, shapes.AttemptPage, example=examples.ATTEMPTS)
@audit.shows_nobody("ids and types of events")
def list_deliveries(query: dict[str, Any], subscription_id: UUID) -> dict[str, Any]:
    """What was sent, and what became of it

    Every attempt of the last 30 days, the newest first."""
    with recorded(subscription_id), deps().db.transaction(caller().tenant) as tx:
        return showing.log(deps(), tx, caller(), subscription_id, query)


def _changed(
    subscription_id: UUID, body: dict[str, Any], act: Callable[[Tx], Subscription], *, secret: bool = False,
    status: int = 200,
) -> Response:  # fmt: skip
    """The subscription after a change, once; with its new secret, if it has one."""

    def work(tx: Tx) -> Answer:
        made = act(tx)
        shape = shapes.SubscriptionMade if secret else shapes.SubscriptionOut
        return answers.answer(shape, showing.shown(deps(), tx, made, secret=secret), status, version=made.version)

    with recorded(subscription_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
