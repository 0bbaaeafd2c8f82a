"""`python -m documents ROLE`."""

from kit.entry import main

main("documents")
