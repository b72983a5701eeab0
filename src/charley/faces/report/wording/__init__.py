"""Everything that the reports say: sentences, figures in words, places, sources."""
