"""The run strip: what it shows, how it is drawn, what it says."""
