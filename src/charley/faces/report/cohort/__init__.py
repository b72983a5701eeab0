"""Cohorts for people: the same answer as text, as JSON and as a page."""
