"""documents: registers and numbers, letters and forms, the public check, the hand-over."""
