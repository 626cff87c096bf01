"""A bare loop to compare with: the openai client, one bash tool, nothing else. No sandbox, no record.

Started as a script of its own with OPENAI_BASE_URL and OPENAI_API_KEY set: `python floor_openai.py TASK`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

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


def carry_out(call: Any) -> dict[str, Any]:
    command = json.loads(call.function.arguments)["command"]
    ended = subprocess.run(command, shell=True, capture_output=True, text=True)
    text = f"exit {ended.returncode}\n{ended.stdout}{ended.stderr}"
    return {"role": "tool", "tool_call_id": call.id, "content": text}


def main(task: str) -> None:
    client = OpenAI()
    messages: list[Any] = [
        {"role": "system", "content": "You are an engineer with a shell."},
        {"role": "user", "content": task},
    ]
    while True:
        reply = client.chat.completions.create(model="bench", messages=messages, tools=[BASH])
        answer = reply.choices[0].message
        messages.append(answer.model_dump(exclude_none=True))
        if not answer.tool_calls:
            break
        messages += [carry_out(call) for call in answer.tool_calls]


if __name__ == "__main__":
    main(sys.argv[1])
