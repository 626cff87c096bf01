"""backlog.yml, the same list for people's hands: read, merged field by field, edited in place, never lost."""
