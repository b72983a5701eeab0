"""How good earlier forecasts were, as text and as JSON."""

from __future__ import annotations

from typing import Any

import click

from charley.faces.cli.meta import meta
from charley.faces.cli.output import print_json


def show(record: Any, options: dict[str, Any], of: int) -> None:
    """The track record; forecasts that were stored before their runs, and those that are worked out afterwards."""
    if options["json"]:
        from dataclasses import asdict

        from charley.faces.report.plain_values import plain

        known = record.made_scores or record.replayed_scores
        print_json({"meta": meta("ok" if known else "cannot_tell"), **plain(asdict(record))})
        return
    click.echo(
        "How good the forecasts were (Brier score: 0 is perfect; to have skill it must be lower than the base rate's)\n"
    )
    click.echo("Made before the run and stored")
    _table(record.made, record.made_scores, "none has been scored yet", of)
    click.echo("\nReplayed: each hard run, forecast from what the journal held before it")
    _table(record.replayed, record.replayed_scores, "no hard run has an answer yet: charley log", of)


_SHOWN = 12


def _table(rows: Any, scores: Any, otherwise: str, of: int) -> None:
    from charley.faces.report.wording.figures import count, told

    if scores is None:
        click.echo(f"  {otherwise}")
        return
    for row in rows[-_SHOWN:]:
        came = "cramped" if row.cramped else "no cramp"
        click.echo(f"  {row.started_at:%Y-%m-%d}  {told(row.chance, of):>14}  {came}")
    if len(rows) > _SHOWN:
        click.echo(f"  the latest {_SHOWN} of {len(rows)}; --json has all")
    skill = "all ended alike" if scores.skill is None else f"skill {scores.skill:+.2f}".replace("-", "−")
    click.echo(
        f"  {count(scores.runs, 'run')}: {scores.expected:.1f} cramps forecast, {scores.cramped} came; Brier "
        f"{scores.brier:.3f} against {scores.base_brier:.3f} for always saying how often it happens ({skill})"
    )
