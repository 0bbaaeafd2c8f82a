"""`python -m verification ROLE`."""

from kit.entry import main

main("verification")
