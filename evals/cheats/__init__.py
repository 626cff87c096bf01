"""Dishonest engineers, each by what it tries, and honest ones in the styles that people write in."""
