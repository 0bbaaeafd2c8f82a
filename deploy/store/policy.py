"""Prints what each service may do, as S3 policies, for stores whose users are made elsewhere."""

from __future__ import annotations

import json
import sys

from deploy.setup.buckets import BUCKETS
from deploy.store.rights import policy

if __name__ == "__main__":
    json.dump({service: policy(service) for service in BUCKETS}, sys.stdout, indent=2)
    sys.stdout.write("\n")
