"""Account exports that keep the parts of an activity in several places, which belong together before they are read."""
