"""Model servers and models that misbehave, and what becomes of a run that meets them."""
