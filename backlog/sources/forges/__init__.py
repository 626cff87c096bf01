"""What a code host knows of the repository, asked for live or kept in files."""
