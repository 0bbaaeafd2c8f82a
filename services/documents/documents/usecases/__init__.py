"""What a person, an event or a job can do to letters, production and the hand-over.

Locks are taken in one order everywhere: the case, then its letters, then a register.
"""
