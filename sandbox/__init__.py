"""Where is it done, and what can not be touched? Owns processes and the target's files."""
