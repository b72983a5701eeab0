"""Pictures as SVG, drawn by the page's own small module: screen and print are the same."""
