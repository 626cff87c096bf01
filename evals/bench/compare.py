"""What the rounds say: figures with their goals, and exactly what each one compares."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from evals.bench.exchange import Worked, prefix_shares
from evals.bench.figure import Figure, Goal, Section, ratios
from evals.bench.rounds import STEPS, Round


def compared(measured: Sequence[Round]) -> list[Section]:
    found = (per_step, to_first_request, sizes, prefixes, exits)
    return [section(measured) for section in found]


def per_step(measured: Sequence[Round]) -> Section:
    boxed = [t for r in measured for t in r.share.boxed]
    plain = [t for r in measured for t in r.share.bare]
    return Section(
        "Time per step",
        f"From an answer to the next request, {STEPS} steps of `true N` a run. The goal's ratio compares "
        "like with like: the openai loop with its plain process, and Lamplighter without the sandbox's share "
        "(the command in the sandbox less the same as a plain process). The last two ratios compare all of "
        "both, and both without their command.",
        (
            Figure("Lamplighter", " ms", _gaps([r.ours for r in measured])),
            Figure("openai loop", " ms", _gaps([r.openai for r in measured])),
            Figure("LangGraph loop", " ms", _gaps([r.langgraph for r in measured])),
            Figure("sh -c 'true 1' in the sandbox", " ms", boxed, Goal(15)),
            Figure("the same as a plain process", " ms", plain),
            *step_ratios(measured),
        ),
    )


def step_ratios(measured: Sequence[Round]) -> Sequence[Figure]:
    """Of each round's medians. A command's time is taken off the step that it was measured right after."""
    ours = [statistics.median(r.ours.gaps_ms) for r in measured]
    openai = [statistics.median(r.openai.gaps_ms) for r in measured]
    langgraph = [statistics.median(r.langgraph.gaps_ms) for r in measured]
    plain = [statistics.median(r.share.bare) for r in measured]
    own = [_median_less(r.ours.gaps_ms, r.share.boxed) for r in measured]
    like = [o + p for o, p in zip(own, plain, strict=True)]
    floor_own = [_median_less(r.openai.gaps_ms, r.share.bare) for r in measured]
    return (
        Figure("without the sandbox's share / openai loop", "×", ratios(like, openai), Goal(1.5)),
        Figure("without the sandbox's share / LangGraph loop", "×", ratios(like, langgraph)),
        Figure("the whole / the whole openai loop", "×", ratios(ours, openai)),
        Figure("without commands / openai loop without", "×", ratios(own, floor_own)),
    )


def to_first_request(measured: Sequence[Round]) -> Section:
    ours = [r.ours.first_ms for r in measured]
    openai = [r.openai.first_ms for r in measured]
    langgraph = [r.langgraph.first_ms for r in measured]
    return Section(
        "Start to first request",
        "From starting the process to its first request: `lamplighter run ITEM` in a repository that is "
        "ready, against the processes of the bare loops. The LangGraph loop imports openai and langgraph.",
        (
            Figure("Lamplighter", " ms", ours),
            Figure("openai loop", " ms", openai),
            Figure("LangGraph loop", " ms", langgraph),
            Figure("Lamplighter / LangGraph loop", "×", ratios(ours, langgraph), Goal(1.3)),
        ),
    )


def sizes(measured: Sequence[Round]) -> Section:
    return Section(
        "Size of requests",
        "Bytes of the HTTP body: the first request, and what each step of `true N` adds.",
        (
            Figure("Lamplighter, first request", " B", [r.ours.sizes[0] for r in measured], Goal(6000)),
            Figure("Lamplighter, growth per step", " B", [g for r in measured for g in r.ours.growth]),
            Figure("openai loop, first request", " B", [r.openai.sizes[0] for r in measured]),
            Figure("openai loop, growth per step", " B", [g for r in measured for g in r.openai.growth]),
        ),
    )


def prefixes(measured: Sequence[Round]) -> Section:
    found = [s for r in measured for s in prefix_shares(e.body for e in r.ours.exchanges)]
    return Section(
        "Stable prefix",
        "How much of each request is an exact prefix of the next one in its conversation: tools, then "
        "messages, as serialised JSON.",
        (Figure("Lamplighter, within a phase", " %", found, Goal(100, at_least=True)),),
    )


def exits(measured: Sequence[Round]) -> Section:
    return Section(
        "Exit after the last answer",
        "From the last answer (`stop`, so that no gate runs) to the end of the process.",
        (
            Figure("Lamplighter", " ms", [r.ours.exit_ms for r in measured], Goal(100)),
            Figure("openai loop", " ms", [r.openai.exit_ms for r in measured]),
            Figure("LangGraph loop", " ms", [r.langgraph.exit_ms for r in measured]),
        ),
    )


def _median_less(steps: Sequence[float], commands: Sequence[float]) -> float:
    return statistics.median(s - c for s, c in zip(steps, commands, strict=True))


def _gaps(worked: Sequence[Worked]) -> list[float]:
    return [gap for w in worked for gap in w.gaps_ms]
