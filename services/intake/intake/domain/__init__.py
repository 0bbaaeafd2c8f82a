"""The rules of intake, pure: no web framework, no SQL, no network, and never the machine's own time."""
