"""Pages of administrators: the office's data and calendar, its staff and machines, its services."""
