"""`python -m intake ROLE`."""

from kit.entry import main

main("intake")
