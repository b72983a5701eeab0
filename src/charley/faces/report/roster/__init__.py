"""A squad for its coach: the same answer as text, as JSON and as a page."""
