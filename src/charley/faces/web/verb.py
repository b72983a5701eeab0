"""`charley serve`: the app in a browser, on this machine alone."""

from __future__ import annotations

import click

from charley.vocabulary.errors import UsageError


@click.command(name="serve")
@click.option("--demo", is_flag=True, help="A made-up runner's two years, in a journal that is gone afterwards.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="Which port (the first free one from 8731).")
@click.option("--listen", metavar="ADDR", help="Another address of this machine: whoever has the key can then read it.")
@click.option("--journal", "named", metavar="PATH", help="Which journal to use, as before the verb.")
@click.pass_context
def command(ctx: click.Context, /, demo: bool, port: int | None, listen: str | None, named: str | None) -> None:
    """Open Charley in your browser: your runs, why they cramp, what to try. Nothing leaves this machine.

    It prints an address with a key and runs until Ctrl-C. Only a browser that was opened with that address is let in.
    """
    from charley.api import journal as journals
    from charley.faces.web.serve import serve

    if demo and named:
        raise UsageError("usage-flag", "the made-up runner has a journal of their own", "--demo, --journal")
    click.echo("Charley is ready. Open this address in your browser; Ctrl-C ends it.")
    journal = journals.journal_path(named or ctx.obj.journal_path)
    serve(journal, lambda text: click.echo(f"  {text}"), demo=demo, port=port, listen=listen)
