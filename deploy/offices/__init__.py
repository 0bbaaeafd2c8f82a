"""Offices of a city as data, and the command that loads them."""
