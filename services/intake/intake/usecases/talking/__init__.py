"""Conversations with applicants: the twin of their pages, with the same use cases and rules."""
