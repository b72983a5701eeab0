"""How `make docs` builds the pages of docs/ into one site. Sphinx reads it; nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from charley import __version__

CHANGES = Path(__file__).resolve().parents[2] / "CHANGELOG.md"

project = "Charley"
author = "the Charley developers"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["site/**"]
source_suffix = {".md": "markdown"}
root_doc = "index"

myst_heading_anchors = 6  # links to a heading, as they work where the files are read as they are
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signature has them as they are written
add_module_names = False

html_theme = "alabaster"  # it comes with Sphinx, and asks nothing of a network
html_theme_options = {"fixed_sidebar": True, "page_width": "1100px", "description": "Why your calves cramp"}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_copy_source = False
html_show_sourcelink = False
html_title = "Charley"


def _change_log(app: object, page: str, source: list[str]) -> None:
    """The change log lies above the pages: it becomes one of them, and links to it and out of it are turned."""
    if page == "changelog":
        source[0] = CHANGES.read_text(encoding="utf-8").replace("](docs/", "](")
    source[0] = source[0].replace("](../CHANGELOG.md)", "](changelog.md)")


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _change_log)
