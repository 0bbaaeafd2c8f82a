"""`python -m notify ROLE`."""

from kit.entry import main

main("notify")
