"""GPX and TCX files, and the points that both are made of."""
