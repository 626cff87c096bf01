"""What was proven? Owns the append-only record of a run."""
