"""The HTTP API: parse, call one verb, render."""
