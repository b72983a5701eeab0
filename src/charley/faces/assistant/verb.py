"""`charley mcp`: the verb."""

from __future__ import annotations

import click

from charley.vocabulary.errors import UsageError


@click.command(name="mcp")
@click.option("--journal", "named", metavar="PATH", help="Which journal to read, as before the verb.")
@click.pass_context
def command(ctx: click.Context, /, named: str | None) -> None:
    """Answer an assistant on this machine over standard input and output (MCP): why, race, ask, help_me, runs.

    The assistant starts it; nothing goes over a network and nothing is changed. Each answer is a summary of at most
    2 kB, warning signs first; what you wrote (notes, titles, names) is never handed out. Needs the extra mcp.
    """
    from charley.api import journal as journals

    try:
        from charley.faces.assistant.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("mcp", "mcp_types", "anyio"):
            raise
        raise UsageError("mcp-extra", "the package mcp is not installed") from None
    serve(journals.journal_path(named or ctx.obj.journal_path))
