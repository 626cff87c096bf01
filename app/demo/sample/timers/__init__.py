"""Named timers."""
