"""A tour: a sample repository is built and worked from end to end."""
