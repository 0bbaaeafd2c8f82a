"""HTTP: each view reads what was sent, calls one use case, and shows what came of it."""
