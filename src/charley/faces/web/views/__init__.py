"""One file a page: the question to the api, and its answer for the template."""
