"""Charley: why a runner's calves cramp, when they will, and what is worth trying.

    charley.why("run.fit", at="33km")      why did this run bring a cramp? In a notebook: the page
    charley.read_run("run.fit")            the run itself, cleaned, one sample a second
    charley.Journal("journal.sqlite")      runs and what was said of them, over a career

Everything that goes wrong is a ``CharleyError`` of one line, with a stable ``code`` and a ``next_step``. The manual,
with examples, is docs/python.md.

Names are loaded when they are first used: ``import charley`` alone costs a few milliseconds and loads no NumPy.
"""

TYPE_CHECKING = False  # typing's own costs ten times what this module does; checkers and editors know the name
if TYPE_CHECKING:  # what they see; the table below must name the same
    from charley.faces.python.journal import Journal
    from charley.faces.python.one_run import Why, read_run, why, write_demo
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.errors import CharleyError, InputError, JournalError, RunFileError, UsageError
    from charley.vocabulary.estimate import Estimate
    from charley.vocabulary.run import Run, Streams
    from charley.vocabulary.runner import BestEffort, CrampHistory, Intake, Runner, Weather
    from charley.vocabulary.version import __version__
else:
    _HOMES = {
        "charley.faces.python.journal": ("Journal",),
        "charley.faces.python.one_run": ("Why", "read_run", "why", "write_demo"),
        "charley.vocabulary.cramp": ("Cramp",),
        "charley.vocabulary.errors": ("CharleyError", "InputError", "JournalError", "RunFileError", "UsageError"),
        "charley.vocabulary.estimate": ("Estimate",),
        "charley.vocabulary.run": ("Run", "Streams"),
        "charley.vocabulary.runner": ("BestEffort", "CrampHistory", "Intake", "Runner", "Weather"),
        "charley.vocabulary.version": ("__version__",),
    }
    _HOME = {name: home for home, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOME:
            raise AttributeError(f"module 'charley' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOME})


__all__ = [
    "BestEffort",
    "CharleyError",
    "Cramp",
    "CrampHistory",
    "Estimate",
    "InputError",
    "Intake",
    "Journal",
    "JournalError",
    "Run",
    "RunFileError",
    "Runner",
    "Streams",
    "UsageError",
    "Weather",
    "Why",
    "__version__",
    "read_run",
    "why",
    "write_demo",
]
