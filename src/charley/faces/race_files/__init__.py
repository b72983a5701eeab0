"""A race plan to take along: card, workout for the watch, calendar, tables, and a sheet for who helps the runner."""
