"""Several repositories at once. Each is opened by itself, and nothing goes from one to another."""
