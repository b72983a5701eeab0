"""The forecast of one race, what each change would buy, and a plan within limits."""
