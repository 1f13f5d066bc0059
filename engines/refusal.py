"""What the compiler means when it gives no engine."""

import re

from ..runtime.engine.config import BuildConfig, MatcherConfig
from .target import capability_of


def refusals(errors: list[str], tried: tuple[str, ...]) -> dict[str, str]:
    """
    Find the GPUs that the compiler's errors name.

    Args:
        errors: what the compiler said, one line each.
        tried: the GPUs it compiled for, as "8.6".

    Returns:
        The reason for each refused GPU among `tried`; empty if the errors name none.

    """
    found: dict[str, str] = {}
    for line in errors:
        for name in re.findall(r"\bSM\d{2,3}\b", line):
            capability = capability_of(name)
            if capability in tried:
                found.setdefault(capability, _reason(line))
    return found


def _reason(line: str) -> str:
    told = re.search(r"Cannot compile operation .*?: [^.)]*", line)
    return told[0] if told else line


def why(errors: list[str], config: BuildConfig) -> str:
    """Put a refusal of the graph as such on one line, with the remedy where one is known."""
    said = " | ".join(errors) or "no reason given"
    if "OutOfMemory" not in said and "workspace" not in said:
        return f"the compiler refuses the graph: {said}"
    scratch = f"workspace_mib: {config.workspace_mib} MiB of scratch memory are too little for"
    if isinstance(config, MatcherConfig):
        load, remedy = f"{config.gallery_rows} gallery rows", "raise it"
    else:
        load, remedy = f"a batch of {config.batches[-1]}", "raise it, or lower the largest batch"
    return f"{scratch} {load}: {remedy}; {said}"
