"""Prometheus metrics of the plumbing. No label ever carries a person's data."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("http_request_seconds", "Time to answer", ["method", "route"])
OUTBOX_PUBLISHED = Counter("outbox_published_total", "Events that the broker confirmed")
OUTBOX_AGE = Gauge("outbox_oldest_seconds", "Age of the oldest event not yet sent", multiprocess_mode="max")
RELAY_ACTIVE = Gauge("relay_active", "1 where this process sends the outbox", multiprocess_mode="max")
EVENTS_HANDLED = Counter("events_handled_total", "Events consumed", ["type", "outcome"])
CONSUMER_UP = Gauge("consumer_up", "1 while subscribed to the queue", ["queue"], multiprocess_mode="max")
DEAD_LETTERS = Gauge("dead_letters", "Messages set aside", multiprocess_mode="max")
JOBS_DONE = Counter("jobs_done_total", "Jobs worked", ["kind", "outcome"])
JOBS_WAITING = Gauge("jobs_waiting", "Jobs not yet done", ["state"], multiprocess_mode="max")
ANTIVIRUS_UP = Gauge("antivirus_up", "1 when the virus scanner answered last", multiprocess_mode="min")
ANTIVIRUS_SCANS = Counter("antivirus_scans_total", "Files scanned", ["outcome"])
ANTIVIRUS_WAITING = Gauge("antivirus_oldest_seconds", "Age of the oldest file not yet scanned", multiprocess_mode="max")
REQUESTS_DUE = Gauge(
    "requests_due", "What has to be done within a time and is not done yet", ["kind", "state"], multiprocess_mode="max"
)
AUDIT_SEALED = Counter("audit_sealed_total", "Rows of the audit that were added to their chain")
AUDIT_TAIL = Gauge("audit_unsealed_seconds", "Age of the oldest row not yet sealed", multiprocess_mode="max")
WEBHOOKS = Counter("webhooks_total", "Requests of other systems' servers", ["source", "outcome"])
