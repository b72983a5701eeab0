"""The weeks before a race, as text, as JSON and as a calendar."""
