"""`python -m kit.probe URL`: exit 0 if URL answers 2xx within three seconds (health check of a container)."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request


def main(arguments: list[str]) -> int:
    try:
        with urllib.request.urlopen(arguments[0], timeout=3) as answer:  # an address of our own container
            return 0 if 200 <= answer.status < 300 else 1
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
