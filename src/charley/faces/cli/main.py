"""`charley`: the verbs, each loaded only when it is called, and one line for whatever goes wrong."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.version import __version__

# One thread: Charley's matrices are small, and threads that wait for each other cost up to ten times what they give.
for _library in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

# How many objects come before rings of garbage are looked for: most commands make fewer, nearly all of them to be kept.
_RINGS = 50_000

_OUTPUT_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EFBIG, errno.EINVAL)

# verb -> (module, of this package unless it says more; what it does in one line)
VERBS: dict[str, tuple[str, str]] = {
    "import": ("import_runs", "Bring runs into the journal: files, folders, account exports."),
    "log": ("log", "Log a cramp or a run without one, drinks, weight, shoes, strength work."),
    "runs": ("runs", "Your runs, and what you said about each."),
    "why": ("why", "Why you cramped, and how likely it was."),
    "race": ("race", "Your next race: time, chance of a cramp, what each change buys, a plan."),
    "plan": ("plan", "The weeks to a race: long runs, taper, calf raises."),
    "try": ("trial", "What to try next: the most telling run, or a trial of one change."),
    "help-me": ("help_me", "A cramp right now: warning signs first, then what to do."),
    "ask": ("ask", "What studies say about something you were told, and how sure that is."),
    "roster": ("roster", "A squad: what to ask each runner next, and what their log points to."),
    "cohort": ("cohort", "A whole field of virtual runners: how many will cramp, where and when."),
    "lab": ("lab", "Published cramp experiments, re-run on virtual people."),
    "profile": ("profile", "The published risk factors applied to you, and how little most of them move."),
    "data": ("data", "Look after your journal: status, backup, restore, export, forget, reveal, doctor."),
    "serve": ("charley.faces.web.verb", "Open it all in your browser, on this machine alone."),
    "mcp": ("charley.faces.assistant.verb", "Let an assistant on this machine ask Charley; it can change nothing."),
    "demo": ("demo", "See what an answer looks like, on a made-up runner."),
}

INTRODUCTION = """Why your calves cramp, when they will, and what is worth trying.

Charley reads the files of any running watch on your own machine, without an account, and says plainly when the data
cannot tell. General training information, not medical advice.
"""

FIRST_STEPS = """charley reads a run and says why it may have cramped, how likely that was, and how sure it is.
It can't examine you, and one run seldom points to one cause.

  charley demo                     see an answer for a made-up runner
  charley why FILE --at 33km       your own run and the place of the cramp
  charley help-me                  a cramp right now
  charley ask "does salt help?"    what is known, and how sure
  charley --help                   all verbs

Everything stays on this machine."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands before the verb and holds for all of them."""

    journal_path: str | None  # as typed: a Path would lose the slash that says "in this folder"


class Verbs(click.Group):
    """Knows the verbs by name and loads the module of the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a verb; its module must have one of the verb's name (dashes as underscores)."""
        if cmd_name not in VERBS:
            return None
        name = VERBS[cmd_name][0]
        module = import_module(name if "." in name else f"charley.faces.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, without loading any of them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])


@click.group(cls=Verbs, invoke_without_command=True, help=INTRODUCTION, context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="charley")
@click.option(
    "--journal",
    "journal_path",
    envvar="CHARLEY_JOURNAL",
    metavar="PATH",
    help="Which journal to use (or set CHARLEY_JOURNAL).",
)
@click.pass_context
def cli(ctx: click.Context, /, journal_path: str | None) -> None:
    """Root of all verbs."""
    ctx.obj = Settings(journal_path)
    if ctx.invoked_subcommand is None:
        click.echo(FIRST_STEPS)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with the exit code of the design (0, 1, 2, 3, 4 or 5)."""
    gc.set_threshold(_RINGS)
    code = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # or rings are looked for once more as the process ends: a twentieth of the time of `why FILE`
    sys.exit(code)


def run(arguments: list[str]) -> int:  # noqa: C901 - one branch for each way in which a command can end
    """Run one command; every failure becomes one line on standard error and its exit code."""
    _take_any_letter()
    try:
        result: Any = cli.main(arguments, prog_name="charley", standalone_mode=False)
        if sys.stdout is not None:  # a program may be started without any output
            sys.stdout.flush()
    except CharleyError as error:
        from charley.faces.cli.slips import aimed

        return _complain(aimed(error, cli, arguments))
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as error:
        verb = error.ctx.command_path if error.ctx else "charley"
        message = error.format_message().rstrip(".")
        return _complain(UsageError("usage-flag", message, next_step=f"See: {verb} --help"))
    except click.ClickException as error:
        return _complain(UsageError("usage-flag", error.format_message()))
    except (click.Abort, KeyboardInterrupt):
        click.echo("charley: stopped; what was confirmed above is stored, the rest is not.", err=True)
        return 130
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(_refused(error))
    except MemoryError:
        return _complain(CharleyError("memory-short", "this needs more memory than there is"))
    except Exception as error:
        if os.environ.get("CHARLEY_TRACEBACK"):
            raise
        return _complain(CharleyError("defect", f"{type(error).__name__}: {error}"))
    return result if isinstance(result, int) else 0


def _take_any_letter() -> None:
    """A terminal or a file that does not take a letter (cp1252, a name that is no text) gets a mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refused(error: OSError) -> CharleyError:
    """What the system would not do, as one line: without a file name it was our own output."""
    what = error.strerror or type(error).__name__
    if error.filename is None and error.errno in _OUTPUT_ERRORS:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - what is left in it cannot be written
        return UsageError("output-failed", what)
    if error.filename is None or os.environ.get("CHARLEY_TRACEBACK"):
        return CharleyError("defect", f"{type(error).__name__}: {error}")
    return UsageError("path-refused", what, str(error.filename))


def _complain(error: CharleyError) -> int:
    with suppress(OSError):  # nobody can be told
        click.echo(f"charley: {error}", err=True)
    return error.exit_code
