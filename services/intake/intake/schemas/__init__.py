"""Shapes of requests and answers. What is not named is refused, at each depth."""
