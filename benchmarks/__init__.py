"""Speed, measured as ratios against a peer or a floor in the same run: `python -m benchmarks [NAME ...]`."""
