"""Files that other programs wrote, as sources of work."""
