"""How do they ask? Owns argv, stdout and stderr."""
