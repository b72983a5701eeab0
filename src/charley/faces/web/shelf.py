"""Which journal is open: the runner's own, or that of the made-up runner, which is gone when it is closed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from charley.faces.web.uploads import Incoming
from charley.faces.web.work import Work


@dataclass(slots=True)
class Shelf:
    """``own`` is the runner's journal. While ``made_up`` is there, the app shows that one."""

    own: Path
    made_up: tempfile.TemporaryDirectory[str] | None = None
    _incoming: Incoming | None = None

    @property
    def demo(self) -> bool:
        """Whether the made-up runner is shown: marked on every page."""
        return self.made_up is not None

    @property
    def journal(self) -> Path:
        """The journal that is shown."""
        return self.own if self.made_up is None else Path(self.made_up.name) / "journal.sqlite"

    def incoming(self, work: Work) -> Incoming:
        """Uploads for the journal that is shown."""
        if self._incoming is None or self._incoming.journal != self.journal:
            self._incoming = Incoming(self.journal, work)
        return self._incoming

    def look_around(self) -> None:
        """Show the made-up runner."""
        if self.made_up is None:
            from charley.api import demo

            made = tempfile.TemporaryDirectory(prefix="charley-demo-")
            demo.fill(Path(made.name) / "journal.sqlite")
            self.made_up = made

    def close(self) -> None:
        """Back to the runner's own; the made-up one is gone."""
        if self.made_up is not None:
            made, self.made_up = self.made_up, None
            made.cleanup()
