"""Draw both machines from the graphs themselves: `python -m graph.diagram` prints docs/state-machine.md."""

from __future__ import annotations

import sys

from graph.item import item_machine
from graph.phase import compile_phase
from graph.phases.green import GREEN
from graph.shift import shift_machine

PAGE = """# The state machines

Generated from the graphs by `make docs`; a test fails when this page and the graphs differ.

## One item (`graph/item.py`)

```mermaid
{item}
```

## One phase (`graph/phase.py`): clarify, red, green, refactor, security and document all have this shape

```mermaid
{phase}
```

## A shift (`graph/shift.py`)

```mermaid
{shift}
```
"""


def page() -> str:
    machines = (item_machine(), compile_phase(GREEN), shift_machine())
    item, phase, shift = (_plain(machine.get_graph().draw_mermaid()) for machine in machines)
    return PAGE.format(item=item, phase=phase, shift=shift)


def _plain(mermaid: str) -> str:
    """Without colours and configuration, which a reader's own theme decides better."""
    lines = mermaid.replace("&nbsp;", " ").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("graph "))
    return "\n".join(line for line in lines[start:] if not line.strip().startswith("classDef"))


if __name__ == "__main__":
    sys.stdout.write(page())
