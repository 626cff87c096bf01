"""How the parts of a repository hang together: what they import, how they change, and what of it is work."""
