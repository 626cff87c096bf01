"""What Lamplighter itself costs, measured in one run against bare loops: `python -m evals.bench`."""
