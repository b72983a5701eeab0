"""Charley: why a runner's calves cramp, when they will, and what is worth trying."""

__version__ = "0.1.0"
