"""What should be done next? Owns the backlog's database and backlog.yml."""
