"""One function per thing that happens or that a person can do."""
