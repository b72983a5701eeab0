"""`python -m charley` is `charley`."""

from charley.faces.cli import main

main()
