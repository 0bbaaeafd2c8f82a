"""Users and policies of MinIO, and of Silo, which goes on with it: over their administration interface."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3
from minio import MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException

from deploy.store.rights import Keys, policy


class NoUsers(Exception):
    """This server has no such interface."""


def administration(endpoint_url: str, keys: Keys) -> MinioAdmin:
    """The interface, for whoever holds the server's root credentials."""
    endpoint = urlsplit(endpoint_url)
    return MinioAdmin(
        endpoint=endpoint.netloc,
        credentials=StaticProvider(keys.access, keys.secret),
        secure=endpoint.scheme == "https",
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False),
    )


def make_users(admin: MinioAdmin, keys: Mapping[str, Keys]) -> None:
    """A user and a policy for each service; one that is there gets today's secret and policy. Raises NoUsers, and
    MinioAdminException where the server has users and refuses to make these."""
    try:
        admin.policy_list()
    except MinioAdminException as error:
        raise NoUsers from error
    for service, own in keys.items():
        name = f"pengantar-{service}"
        admin.policy_add(policy_name=name, policy=policy(service))
        admin.user_add(own.access, own.secret)
        admin.policy_set(name, user=own.access)
