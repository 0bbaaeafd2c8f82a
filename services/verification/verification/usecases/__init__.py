"""One function for each thing that somebody can do, or that an event brings about."""
