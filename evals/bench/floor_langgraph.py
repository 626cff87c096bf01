"""The bare loop once more, as two LangGraph nodes: no checkpointer, no sandbox, no record.

Started as a script of its own with OPENAI_BASE_URL and OPENAI_API_KEY set: `python floor_langgraph.py TASK`.
"""

from __future__ import annotations

import json
import operator
import subprocess
import sys
from typing import Annotated, Any, Literal, TypedDict

from langgraph.graph import START, StateGraph
from openai import OpenAI

BASH: Any = {
    "type": "function",
    "function": {
        "name": "bash",
        "description": "Run a shell command.",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string"}},
            "required": ["command"],
        },
    },
}


class State(TypedDict):
    messages: Annotated[list[Any], operator.add]


def carry_out(call: Any) -> dict[str, Any]:
    command = json.loads(call["function"]["arguments"])["command"]
    ended = subprocess.run(command, shell=True, capture_output=True, text=True)
    text = f"exit {ended.returncode}\n{ended.stdout}{ended.stderr}"
    return {"role": "tool", "tool_call_id": call["id"], "content": text}


def act(state: State) -> State:
    return {"messages": [carry_out(call) for call in state["messages"][-1]["tool_calls"]]}


def after_think(state: State) -> Literal["act", "__end__"]:
    return "act" if state["messages"][-1].get("tool_calls") else "__end__"


def main(task: str) -> None:
    client = OpenAI()

    def think(state: State) -> State:
        reply = client.chat.completions.create(model="bench", messages=state["messages"], tools=[BASH])
        return {"messages": [reply.choices[0].message.model_dump(exclude_none=True)]}

    graph = StateGraph(State)
    graph.add_node("think", think)
    graph.add_node("act", act)
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", after_think)
    graph.add_edge("act", "think")
    first = [
        {"role": "system", "content": "You are an engineer with a shell."},
        {"role": "user", "content": task},
    ]
    graph.compile().invoke({"messages": first}, {"recursion_limit": 1_000_000})


if __name__ == "__main__":
    main(sys.argv[1])
