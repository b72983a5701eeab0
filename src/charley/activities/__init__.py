"""Activity files -> runs: one reader a format, one cleaner.

recording = activities.read(path)       # what the device said
run = activities.clean(recording)       # 1 Hz, gaps and pauses marked, what was changed is told
all_of_them = activities.activities_of(recording)  # where one file holds several
"""

from charley.activities.cleaning import clean
from charley.activities.demo_run import write_demo
from charley.activities.file_kinds import sniff
from charley.activities.reading import read
from charley.activities.several import activities_of
from charley.activities.sports import require_run

__all__ = ["activities_of", "clean", "read", "require_run", "sniff", "write_demo"]
