"""The weeks before a race: what the log holds of training, and what to do with the time that is left."""
