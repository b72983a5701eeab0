"""The command line."""

from charley.faces.cli.main import main

__all__ = ["main"]
