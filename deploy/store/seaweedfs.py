"""Identities of SeaweedFS: a file that its S3 server reads when it starts (`-s3.config`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.setup.buckets import BUCKETS
from deploy.store.rights import Keys, readable


def identities(root: Keys, keys: Mapping[str, Keys]) -> dict[str, Any]:
    """What the file says: the administrator, and each service with its buckets."""
    services = [_identity(service, own, _actions(service)) for service, own in keys.items()]
    return {"identities": [_identity("pengantar", root, ["Admin"]), *services]}


def _actions(service: str) -> list[str]:
    read = [f"{action}:{bucket}" for bucket in readable(service) for action in ("Read", "List")]
    return [*read, f"Write:{BUCKETS[service]}", f"Tagging:{BUCKETS[service]}"]


def _identity(name: str, keys: Keys, actions: list[str]) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": keys.access, "secretKey": keys.secret}], "actions": actions}
