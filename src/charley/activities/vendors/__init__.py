"""Formats of single makers: files as their account exports hold them. Each says what its description rests on."""
