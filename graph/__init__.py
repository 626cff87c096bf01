"""How is an item worked? Owns LangGraph and its checkpoints."""
