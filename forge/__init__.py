"""Where does the work land? Owns git refs."""
