"""One file per phase: its brief, its tools, what it may write, its limits and its gate."""
