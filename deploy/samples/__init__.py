"""Draws the sample pictures by which people are shown what a good photo of each paper looks like (`make samples`)."""
