"""Items that should not be pushed through: the honest ending is the right one."""
