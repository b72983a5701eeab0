"""Writes the figures of calibrate_learning.py as a page, each beside the bar that was set before it was measured."""

from __future__ import annotations

HEAD = """# Calibration of the learning engine

Made by `scripts/calibrate_learning.py` (and `scripts/compare_forecasts.py` for the other methods) from simulated
runners whose truth is known. The truth is drawn from the engine's own family of models: these figures prove that the
software computes what it claims, not that the physiology is right, nor that a real runner gets these scores. No real
log of cramps has been seen. A bar was set before it was measured; a miss stands here as a miss.
"""


def page(store: dict) -> str:
    parts = [HEAD, *_calibration(store), *_drivers(store)]
    for name, section in (
        ("compression", _compression),
        ("updates", _updates),
        ("forecasts", _forecasts),
        ("misfits", _misfits),
        ("experiments", _experiments),
        ("gate", _gate),
        ("roster", _roster),
    ):
        if name in store:
            parts.append(section(store[name]))
    return "\n".join(parts)


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(_cell(c) for c in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _list(values: list[float]) -> str:
    return " / ".join(f"{v:.2f}" for v in values)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "met" if value else "**missed**"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)


def _schemes(store: dict) -> dict[str, dict]:
    return {k.removeprefix("calibration: "): v for k, v in store.items() if k.startswith("calibration: ")}


def _calibration(store: dict) -> list[str]:
    rows = []
    for name, s in _schemes(store).items():
        low, high = s["coverage_90_least"], s["coverage_90_most"]
        c50, c80, c90 = s["coverage_50_80_90"]
        met = s["worst_p"] > s["bonferroni"] and 0.885 <= c90 <= 0.915 and low[0] >= 0.86 and high[0] <= 0.94
        cramps = f"{s['cramps_median']:.0f} ({s['without_cramps']} without)"
        worst = f"{s['worst_p']:.4f} ({s['worst_p_of']})"
        ends = f"{low[0]:.3f} ({low[1]}) to {high[0]:.3f} ({high[1]})"
        covered = f"{c50:.3f} / {c80:.3f} / {c90:.3f}"
        rows.append([name, s["runners"], cramps, s["quantities"], worst, s["bonferroni"], covered, ends, met])
    head = ["how they run and report", "runners", "median cramps", "quantities", "smallest p", "limit"]
    head += ["50 / 80 / 90 % intervals hold", "least and most held at 90 %", "bar"]
    return [
        "## Intervals hold the truth as often as they say\n",
        "Simulation-based calibration: every unknown, preventable fraction, and the chance of a cramp in the longest "
        "run. Bar: chi-square p above 0.05 over the number of quantities; pooled 90 % coverage 0.885 to 0.915, each "
        "quantity 0.86 to 0.94.\n",
        _table(head, rows),
    ]


def _drivers(store: dict) -> list[str]:
    out = ["## Drivers are named as surely as they are right\n"]
    need = {"1-2": 0.10, "3-5": 0.20, "6-11": 0.40, "12-23": 0.65}
    for name, s in _schemes(store).items():
        d = s["drivers"]
        head = ["cramps", "runners", "right", "prior right", "stated", "log score", "prior's log score"]
        head += ["family right", "stated", "0.8 said", "right then", "moved from the prior"]
        rows = []
        for b in d["bins"]:
            m, f = b["main"], b["family"]
            row = [b["cramps"], b["runners"], m["right"], m["prior_right"], m["stated"], m["score"], m["prior_score"]]
            rows.append([*row, *(f[k] for k in ("right", "stated", "said_80", "right_when_said", "moved_from_prior"))])
        top = ", ".join(f"{p:.2f} → {y:.2f} (n={n})" for n, p, y in d["main_top"])
        out += [f"### {name}\n", _table(head, rows)]
        out.append(
            f"Calibration error over all factors {d['main_ece']:.4f}, over families {d['family_ece']:.4f}. "
            f"Stated → right for the likeliest factor: {top}.\n"
        )
        if name == "times and quarters":
            out.append(_driver_bars(d, need))
    return out


def _driver_bars(d: dict, need: dict[str, float]) -> str:
    bins = {b["cramps"]: b for b in d["bins"]}
    rows: list[list[object]] = [
        ["calibration error over 12 factors at most 0.015", d["main_ece"], d["main_ece"] <= 0.015]
    ]
    worst = max(abs(p - y) for n, p, y in d["main_top"] if n >= 50)
    rows.append(["likeliest factor, cells of 50 or more: within 0.08", worst, worst <= 0.08])
    gaps = [abs(b["main"]["stated"] - b["main"]["right"]) for b in d["bins"] if b["runners"] >= 100]
    if gaps:
        rows.append(["stated and right within 0.06 where 100 or more runners", max(gaps), max(gaps) <= 0.06])
    for key, least in need.items():
        if key in bins:
            gained = bins[key]["main"]["prior_score"] - bins[key]["main"]["score"]
            rows.append([f"log score above the prior's by {least} at {key} cramps", gained, gained >= least])
    if "0-0" in bins:
        moved = bins["0-0"]["main"]["moved_from_prior"]
        rows.append(["without cramps: within 0.08 of the prior", moved, moved <= 0.08])
    return _table(["bar", "got", ""], rows)


def _compression(s: dict) -> str:
    moved = s["driver_probability_moved"]
    rows = [
        ["SD of the log-likelihood error, worst journal: at most 0.02", s["sd_worst"], s["sd_worst"] <= 0.02],
        ["greatest error in 2,000 draws, worst journal: at most 0.1", s["max_worst"], s["max_worst"] <= 0.1],
        ["driver probabilities move by at most 0.02", moved, moved <= 0.02],
    ]
    text = f"{s['journals']} journals: {s['rows_full']:.0f} minutes become {s['rows_small']:.0f} rows.\n"
    return f"## Fewer rows, the same likelihood\n\n{text}\n" + _table(["bar", "got", ""], rows)


def _updates(s: dict) -> str:
    rows = [
        ["means within 0.15 SD of a fresh fit after 200 updates", s["worst_shift_sd"], s["worst_shift_sd"] <= 0.15],
        ["two orders of the runs within 0.15 SD", s["worst_between_orders_sd"], s["worst_between_orders_sd"] <= 0.15],
    ]
    text = (
        f"{s['journals']} journals in two orders, 2,000 draws; worst shift, median {s['median_shift_sd']:.3f} SD; "
        f"{s['rejuvenations_per_journal']:.1f} fresh walks a journal.\n"
    )
    return f"## One run at a time\n\n{text}\n" + _table(["bar", "got", ""], rows)


def _forecasts(s: dict) -> str:
    mine, truth = s["hazard model, own runs only"], s["the truth itself"]
    rows = []
    for name, r in s.items():
        better = sum(a < b for a, b in zip(mine["nll_each"], r["nll_each"], strict=True))
        wins = "–" if r in (mine, truth) else f"{better} of {len(r['nll_each'])}"
        rows.append([name, r["auc"], r["brier"], r["ece"], r["nll"], r["ratio"], r["few_auc"], r["few_nll"], wins])
    head = ["", "AUC", "Brier", "ECE", "log loss", "foretold / came", "AUC, 1–6 cramps", "log loss, 1–6 cramps"]
    peers = {k: v for k, v in s.items() if v not in (mine, truth)}
    wins = [sum(a < b for a, b in zip(mine["nll_each"], r["nll_each"], strict=True)) for r in peers.values()]
    bars: list[list[object]] = [
        ["AUC at least 0.92", mine["auc"], mine["auc"] >= 0.92],
        ["Brier at most 0.056", mine["brier"], mine["brier"] <= 0.056],
        ["ECE at most 0.015", mine["ece"], mine["ece"] <= 0.015],
        ["log loss within 0.03 of the truth's", mine["nll"] - truth["nll"], mine["nll"] - truth["nll"] <= 0.03],
    ]
    if peers:
        bars.append(["less log loss than each other method in 7 of 8 rosters", min(wins), min(wins) >= 7])
    text = (
        "Eight rosters of 50 runners, 200 runs to learn from, 60 unseen. Other methods get the whole roster and each "
        "runner's own rate, sensible defaults, untuned.\n"
    )
    return (
        f"## Forecasts of unseen runs\n\n{text}\n"
        + _table([*head, "we lose less in"], rows)
        + "\n"
        + _table(["bar", "got", ""], bars)
    )


def _misfits(s: dict) -> str:
    rows = [[k, r["ece"], r["ratio"], r["auc"], r["right"], r["stated"]] for k, r in s.items()]
    noisy, silent = s["state error 30 %, eight bodies"], s["silence modelled"]
    bars: list[list[object]] = [
        ["state errors carried by eight bodies: ECE at most 0.02", noisy["ece"], noisy["ece"] <= 0.02],
        ["silence modelled: foretold / came 0.93 to 1.07", silent["ratio"], 0.93 <= silent["ratio"] <= 1.07],
    ]
    head = ["100 runners each, 60 unseen runs", "ECE", "foretold / came", "AUC", "likeliest factor right", "stated"]
    return "## Where the truth lies outside\n\n" + _table(head, rows) + "\n" + _table(["bar", "got", ""], bars)


def _experiments(s: dict) -> str:
    rows = []
    for policy in ("passive", "random", "adaptive"):
        r = s[policy]
        row = [policy, r["median_runs_to_80"], _list(r["named_by_10_20_40"]), r["wrong_when_named"]]
        rows.append(
            [*row, _list(r["right_after_10_20_40"]), _list(r["excess_risk_after_5_10_20_40"]), r["cramps_in_40"]]
        )
    head = ["", "median hard runs until a family is named at 0.8", "named by 10 / 20 / 40", "wrong when named"]
    head += [
        "right after 10 / 20 / 40",
        "excess risk of the advised change after 5 / 10 / 20 / 40",
        "cramps in 40 runs",
    ]
    a, p = s["adaptive"], s["passive"]
    bars: list[list[object]] = [
        ["adaptive: median at most 15 runs", a["median_runs_to_80"], a["median_runs_to_80"] <= 15],
        [
            "at least twice as soon as passive",
            p["median_runs_to_80"] / a["median_runs_to_80"],
            p["median_runs_to_80"] >= 2 * a["median_runs_to_80"],
        ],
        ["wrong when named at most 0.20", a["wrong_when_named"], a["wrong_when_named"] <= 0.20],
        ["proposals riskier than the usual run: none", a["riskier_than_usual"], a["riskier_than_usual"] == 0],
    ]
    least = s["least_effective_draws"]
    text = f"60 runners who cramp, 4,000 draws; fewest effective draws {least:.0f}. 41 = not within 40 runs.\n"
    return f"## The next experiment\n\n{text}\n" + _table(head, rows) + "\n" + _table(["bar", "got", ""], bars)


def _gate(s: dict) -> str:
    rows: list[list[object]] = [
        [
            "pairs of factors in the order of the studies, all",
            s["pairs_in_prior_order"],
            s["pairs_in_prior_order"] == 1.0,
        ],
        ["no driver named: codes given", ", ".join(s["codes"]), s["codes"] == ["cannot_tell"]],
    ]
    text = (
        f"{s['journals']} journals of 60 runs without a cramp, sourced priors. Families moved by at most "
        f"{s['family_probability_moved']:.3f}; share of the studies {s['prior_share']:.3f}.\n"
    )
    return f"## Without a cramp, only the studies speak\n\n{text}\n" + _table(["bar", "got", ""], rows)


def _roster(s: dict) -> str:
    learnt, alone = s["new_runner_with_roster"], s["new_runner_alone"]
    rows: list[list[object]] = [
        ["50 runners with 200 runs in 15 s", s["seconds"], s["seconds"] <= 15],
        ["R-hat of the population at most 1.05", s["r_hat"], s["r_hat"] <= 1.05],
        ["30 new runners: error of log sensitivities below that without the roster", learnt, learnt < alone],
    ]
    text = (
        f"{s['cramps']} cramps; {s['cpu_seconds']:.0f} s of one core. Centres of the population, put SD 0.6 from the "
        f"prior: root-mean-square error {s['error_before']:.2f} before, {s['error_after']:.2f} learnt (log scale). "
        f"New runners: {alone:.2f} alone, {learnt:.2f} with the roster.\n"
    )
    return f"## Many runners together\n\n{text}\n" + _table(["bar", "got", ""], rows)
