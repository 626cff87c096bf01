"""All the troubles. Servers first, then models, then what is around them."""

from __future__ import annotations

import json

from evals.robustness import bad_answers as bad
from evals.robustness.trouble import LOOK, PUBLISHED, WHOLE, Trouble
from model.port import Turn, Usage
from model.scripted import call, calls

QUICK = {"model_timeout": 1.0}
DOWN, REFUSED = 1, 3
"""Exit codes: try again later; somebody must act."""

PASSING = (
    Trouble("one-429", "busy once, and says for how long", bad.status(429, headers={"Retry-After": "1"}), times=1),
    Trouble("one-429-silent", "busy once, and does not say for how long", bad.status(429), times=1),
    Trouble("burst-of-5xx", "two server errors in a row", bad.status(503), times=2),
    Trouble("one-disconnect", "hangs up once", bad.disconnects, times=1),
    Trouble("one-half-body", "hangs up in the middle of an answer, once", bad.half, times=1),
    Trouble("one-malformed", "not JSON, once", bad.body(b"{'choices': }"), times=1),
    Trouble("one-hang", "silent once", bad.hangs, times=1, flags=QUICK),
    Trouble("one-disconnect-in-red", "hangs up once in a whole run", bad.disconnects, 1, 2, good=WHOLE, ends=PUBLISHED),
)
"""Over before the client gives up: the run does not notice."""

LASTING = (
    Trouble("malformed", "not JSON", bad.body(b"{'choices': }"), exit_code=DOWN),
    Trouble("truncated", "half an answer that says it is whole", bad.truncated, exit_code=DOWN),
    Trouble("half-body", "hangs up in the middle of every answer", bad.half, exit_code=DOWN),
    Trouble("html-page", "an error page with status 200", bad.body(bad.PAGE, "text/html"), exit_code=DOWN),
    Trouble("html-page-502", "an error page of a gateway", bad.body(bad.PAGE, "text/html", 502), exit_code=DOWN),
    Trouble("empty-body", "nothing at all", bad.body(b""), exit_code=DOWN),
    Trouble("json-null", "null", bad.body(b"null"), exit_code=DOWN),
    Trouble("no-choices", "a completion without choices", bad.completion_with(choices=[]), exit_code=DOWN),
    Trouble("null-message", "a choice without a message", bad.message_of(None), exit_code=DOWN),
    Trouble("number-message", "a message that is a number", bad.message_of(7), exit_code=DOWN),
    Trouble("call-without-function", "a call of nothing", bad.message_of({"tool_calls": [{"id": "x"}]}),
            exit_code=DOWN),
    Trouble("invalid-utf8", "bytes that are no text", bad.body(b'{"choices": "\xff\xfe"}'), exit_code=DOWN),
    Trouble("lone-surrogate", "text that is no Unicode",
            bad.body(b'{"choices": [{"message": {"content": "\\ud800"}}]}'),
            exit_code=DOWN),
    Trouble("deep-nesting", "brackets without end", bad.body(b"[" * 200_000), exit_code=DOWN),
    Trouble("streams", "a stream, although none was asked for", bad.streams, exit_code=DOWN),
    Trouble("huge", "50 MB", bad.huge, exit_code=DOWN),
    Trouble("packed", "100 MB, compressed", bad.packed, exit_code=DOWN),
    Trouble("hangs", "accepts and says nothing", bad.hangs, exit_code=DOWN, flags=QUICK),
    Trouble("drips", "a byte now and then, for ever", bad.drips, exit_code=DOWN, flags=QUICK),
    Trouble("disconnects", "hangs up", bad.disconnects, exit_code=DOWN),
    Trouble("429", "busy all night", bad.status(429), exit_code=DOWN),
    Trouble("500", "a server error every time", bad.status(500), exit_code=DOWN),
    Trouble("503-in-green", "down in the middle of a run", bad.status(503), after=4, good=WHOLE, exit_code=DOWN,
            ends=PUBLISHED),
    Trouble("redirects", "sends on for ever", bad.redirects, exit_code=DOWN, most_requests=100),
    Trouble("refused", "nobody listens", closed=True, exit_code=DOWN),
    Trouble("tls-to-plain-port", "https, where http is spoken", tls=True, exit_code=DOWN),
    Trouble("401", "the key is wrong", bad.status(401), exit_code=REFUSED),
    Trouble("403", "the key may not", bad.status(403), exit_code=REFUSED),
    Trouble("404", "there is no such model", bad.status(404), exit_code=REFUSED),
    Trouble("400", "the request is refused", bad.status(400), exit_code=REFUSED),
    Trouble("401-in-review", "the key expires late in a run", bad.status(401), after=6, good=WHOLE, exit_code=REFUSED,
            ends=PUBLISHED),
    Trouble("speechless", "a model that can call no tool in any way", bad.only_words, after=0, exit_code=REFUSED),
)  # fmt: skip
"""The run breaks off with one line and can be resumed when all is well again."""

ODD = (
    Trouble("right-but-text-plain", "good answers of the wrong content type", twist=bad.as_text),
    Trouble("no-usage", "does not count tokens", twist=bad.twisted(lambda a: {k: a[k] for k in a if k != "usage"})),
    Trouble("usage-null", "counts null tokens", twist=bad.twisted(lambda a: a | {"usage": None})),
    Trouble("usage-words", "counts in words", twist=bad.twisted(lambda a: a | {"usage": {"prompt_tokens": "many"}})),
    Trouble("usage-negative", "gives tokens back",
            twist=bad.twisted(lambda a: a | {"usage": {"prompt_tokens": -(10**9), "completion_tokens": -5}})),
    Trouble("usage-absurd", "counts more tokens than there are",
            twist=bad.twisted(lambda a: a | {"usage": {"prompt_tokens": 10**18, "completion_tokens": 1}})),
    Trouble("usage-zero", "everything is free",
            twist=bad.twisted(lambda a: a | {"usage": {"prompt_tokens": 0, "completion_tokens": 0}})),
    Trouble("role-garbage", "answers as somebody else", twist=bad.with_message(lambda m: m | {"role": "banana"})),
    Trouble("somebody-elses", "an answer with another request's name on it",
            twist=bad.twisted(lambda a: a | {"id": "chatcmpl-7", "model": "another", "object": "text_completion"})),
    Trouble("content-in-parts", "content as a list",
            twist=bad.with_message(lambda m: m | {"content": [{"type": "text", "text": "Well."}]})),
    Trouble("ids-missing", "calls without an id", twist=bad.with_calls(lambda c: c | {"id": None}), good=WHOLE,
            ends=PUBLISHED),
    Trouble("arguments-as-object", "arguments that are no text",
            twist=bad.with_calls(lambda c: c | {"function": {"name": c["function"]["name"],
                                                             "arguments": json.loads(c["function"]["arguments"])}})),
    Trouble("arguments-fenced", "arguments inside a fence",
            twist=bad.with_calls(lambda c: c | {"function": c["function"] | {
                "arguments": f"```json\n{c['function']['arguments']}\n```"}})),
    Trouble("knows-only-schema", "no native calls, but JSON schema", good=WHOLE, knows="schema", ends=PUBLISHED),
    Trouble("knows-only-text", "neither native calls nor JSON schema", good=WHOLE, knows="text", ends=PUBLISHED),
)  # fmt: skip
"""Unusual, but all is there: the run goes its way."""

FAULTS = "blocked:faults"


def _everywhere() -> Turn:
    paths = (
        "",
        ".",
        "..",
        "/",
        "/etc/passwd",
        "../../x",
        ".git/config",
        "tests",
        "calc.py/x",
        "x" * 5000,
        "-",
        "~",
        "a\nb",
    )
    reads: list[tuple[str, dict[str, object]]] = [("read_file", {"path": path}) for path in paths]
    writes: list[tuple[str, dict[str, object]]] = [("write_file", {"path": path, "text": "x"}) for path in paths]
    return calls(*reads, *writes)


MODELS = (
    Trouble("refuses", "able, but will not", bad.words("I'm sorry, I can't help with that."), after=0, ends=FAULTS),
    Trouble("talks", "claims success without a call", bad.words("I have fixed everything."), ends=FAULTS),
    Trouble("cut-by-length", "thinks until its answer is cut",
            bad.unless_probed(bad.message_of({"role": "assistant", "content": "Hmm, " * 500}, "length")), ends=FAULTS),
    Trouble("one-long-line", "ten million letters in a line", bad.words("x" * 10_000_000), ends="limit:tokens",
            most_tokens=6_000_000, flags={"max_tokens": 200_000}),
    Trouble("loops", "the same call for ever", bad.unless_probed(lambda w: w.turn(LOOK)), ends="blocked:clarify_turns",
            most_tokens=150_000),
    Trouble("unknown-tool", "calls what there is not", bad.calling("format_disk", '{"really": true}'), ends=FAULTS),
    Trouble("broken-arguments", "arguments that are not JSON", bad.calling("read_file", '{"path": "calc.py"'),
            ends=FAULTS),
    Trouble("array-arguments", "arguments that are a list", bad.calling("read_file", '["calc.py"]'), ends=FAULTS),
    Trouble("deep-arguments", "arguments nested without end", bad.calling("read_file", "[" * 20_000), ends=FAULTS,
            most_tokens=400_000),
    Trouble("surrogate-in-path", "a path that is no Unicode", bad.calling("read_file", '{"path": "\\ud800"}'),
            ends=FAULTS),
    Trouble("nul-in-path", "a path with a NUL", bad.calling("read_file", '{"path": "a\\u0000b"}'), ends=FAULTS),
    Trouble("surrogate-in-search", "a pattern that is no Unicode", bad.calling("search", '{"pattern": "\\ud800"}'),
            ends=FAULTS),
    Trouble("broken-pattern", "a pattern that is none", bad.calling("search", '{"pattern": "("}'), ends=FAULTS),
    Trouble("nul-in-command", "a command with a NUL", bad.calling("run", '{"command": "a\\u0000b"}'), ends=FAULTS),
    Trouble("same-id-twice", "two calls with one id", ends=FAULTS, bad=bad.message_of({"role": "assistant",
            "tool_calls": [
        {"id": "x", "type": "function", "function": {"name": "read_file", "arguments": '{"path": "none"}'}}] * 2})),
    Trouble("odd-paths", "paths that lead nowhere good", good=(_everywhere(),) * 9, ends=FAULTS),
    Trouble("no-file-there", "every tool fails", bad.calling("read_file", '{"path": "nowhere.py"}'), ends=FAULTS),
    Trouble("context-refused", "the conversation is too long for the model", bad.too_long, ends="limit:context"),
    Trouble("context-grows", "too long after some turns", good=(LOOK,) * 99, twist=bad.over(9_000),
            ends="limit:context"),
    Trouble("dear", "costs more than the item may", good=(
        Turn(calls=LOOK.calls, usage=Usage(prompt=9_000, completion=9_000)),) * 99, ends="limit:tokens",
        flags={"max_tokens": 50_000}),
)  # fmt: skip
"""The server is well, the model is not: a clean ending, nothing published."""

AROUND = (
    Trouble("disk-full-in-sandbox", "a command fills the disk that it has", good=(
        call("submit_contract", criteria=["c"], files=["calc.py"], plan="p", effort=1),
        call("run", command="dd if=/dev/zero of=tests/big bs=1M count=100000; ls -la tests"),
        call("stop", kind="blocked", reason="full"))),
    Trouble("processes-without-end", "a command starts processes until it may no more", good=(
        call("run", command="for i in $(seq 5000); do sleep 60 & done; echo $i"),
        call("stop", kind="blocked", reason="that is as far as this script goes"))),
    Trouble("workspace-vanishes", "somebody removes the private copy in the middle of a run", after=2, times=1,
            bad=bad.losing("repository/.lamplighter/work"), good=WHOLE, exit_code=DOWN, ends=PUBLISHED),
)  # fmt: skip
"""Tools that meet a limit."""

TROUBLES = {t.name: t for t in (*PASSING, *LASTING, *ODD, *MODELS, *AROUND)}

SMALL = Trouble("small-model", "a real model of 135 million parameters", ends="blocked:", within_s=900,
                most_tokens=400_000, flags={"model_timeout": 300.0})  # fmt: skip
"""Played with a real server (small_model.py), not with a scripted one; however it fares, it ends blocked."""
