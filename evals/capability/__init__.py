"""Real tasks with a hidden check: what is solved, and what is published although it is wrong."""
