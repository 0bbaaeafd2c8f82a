"""Pages that people print or open: templates, and nothing that decides."""
