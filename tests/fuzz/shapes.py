"""JSON with anything wrong in it: a value changed in its shape, which no change of single bytes would come to."""

import copy
import json
from random import Random
from typing import Any

JUNK: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", [], {}, [[]], {"a": 1}, [None], ["x"], 10**400]
KEYS = ["type", "role", "parent", "content", "messages", "id"]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in `value` with each of its keys or numbers."""
    found, rest = [], [value]
    while rest:
        holder = rest.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else []
        found += [(holder, key) for key in keys]
        rest += [holder[key] for key in keys]
    return found


def mutated(value: Any, random: Random) -> Any:
    """A copy with one to four of its parts taken out, called otherwise, doubled, or something else."""
    value = copy.deepcopy(value)
    for _ in range(random.choice([1, 1, 2, 4])):
        if not (spots := places(value)):
            return random.choice(JUNK)
        holder, key = random.choice(spots)
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[random.choice(KEYS)] = holder.pop(key)
            case 1:
                holder.insert(0, copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(random.choice(JUNK))
    return value


def reshaped(data: bytes, random: Random) -> bytes | None:
    """JSON, or a line of several, with its shape changed; None of what is none."""
    lines = data.split(b"\n")
    row = random.randrange(len(lines)) if len(lines) > 1 and random.random() < 0.8 else None
    try:
        value = json.loads(data if row is None else lines[row])
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, (dict, list)):
        return None
    made = json.dumps(mutated(value, random), separators=(",", ":"), ensure_ascii=random.random() < 0.5)
    written = made.encode(errors="surrogatepass")
    return written if row is None else b"\n".join([*lines[:row], written, *lines[row + 1 :]])
