"""Packages that the repository asks for, and what is published about them."""
