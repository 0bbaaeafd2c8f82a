"""One function for each thing that a person, or another service's event, does."""
