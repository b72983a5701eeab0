"""FIT files: two readers held against each other, frames, checksums, and a writer for made-up runs."""
