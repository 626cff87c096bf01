"""Does it behave? Reads cases, writes reports."""
