"""Worlds in which calves cramp for reasons that the engine does not know: see README.md."""
