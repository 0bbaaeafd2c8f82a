"""Plumbing that the services share. Nothing in here knows a word of the domain, a service or an event."""
