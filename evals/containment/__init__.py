"""Escapes: each is tried without a sandbox, where it must do harm, and in ours, where it must not."""
