"""A race forecast as text, JSON, a page and a card: renderings of one RaceAnswer."""
