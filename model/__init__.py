"""Who thinks? Owns network calls to a model."""
