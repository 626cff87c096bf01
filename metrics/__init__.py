"""How is it going? Pure functions from the record to figures."""
