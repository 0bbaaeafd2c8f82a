"""Figures of notify. No label ever carries a person's data."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

SENT = Counter("messages_sent_total", "Messages that a channel took", ["channel", "category"])
NOT_SENT = Counter("messages_not_sent_total", "Attempts that a channel did not take", ["channel", "remedy"])
NUMBERS_OUT = Gauge(
    "message_numbers_out", "Numbers of ours that nothing goes out from", ["channel", "state"], multiprocess_mode="max"
)
BUDGET_USED = Gauge(
    "message_budget_used_ratio", "What the month's messages cost, of the budget", ["kelurahan"], multiprocess_mode="max"
)
UNDONE = Gauge(
    "arrivals_undone", "What people sent that is set aside, or is held until they say which office they mean",
    ["channel", "state"], multiprocess_mode="max",
)  # fmt: skip
PUSHED = Counter("push_attempts_total", "Attempts to send an event to another system", ["outcome"])
SUBSCRIPTIONS = Gauge("push_subscriptions", "Other systems that events are sent to", ["state"], multiprocess_mode="max")
PUSH_BEHIND = Gauge(
    "push_behind_positions", "How far the last one of a state is behind the feed", ["state"], multiprocess_mode="max"
)
PUSH_LAG = Gauge(
    "push_lag_seconds", "How long the oldest event that one of a state has not got has waited", ["state"],
    multiprocess_mode="max",
)  # fmt: skip
FEED_PLACED = Counter("feed_placed_total", "Events that got their position in the public feed")
FEED_POSITION = Gauge("feed_position", "The last position of the public feed", multiprocess_mode="max")
FEED_BEHIND = Gauge("feed_behind_seconds", "How long the oldest event waits for its position", multiprocess_mode="max")
