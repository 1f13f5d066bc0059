"""
The text format of protocol buffers: as much as a Triton configuration needs, written, never read.

Own code, because a device that builds plans shall not need protobuf, whose versions clash.
Source: "Text Format Language Specification", protobuf.dev.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Scalar: TypeAlias = bool | int | str
Message: TypeAlias = Mapping[str, "Field"]
Field: TypeAlias = "Scalar | Message | Sequence[Scalar] | Sequence[Message]"


class Symbol(str):
    """The name of an enum's value: text that stands without quotes."""

    __slots__ = ()


def to_text(message: Message) -> str:
    """
    Write a message.

    Args:
        message: fields by name, in the order to write. A sequence is a repeated field; an empty
            one leaves no trace. A map field is a sequence of messages `key`, `value`.

    """
    return "".join(f"{line}\n" for line in _lines(message))


def _lines(message: Message) -> Iterator[str]:
    for name, value in message.items():
        if isinstance(value, str | int):
            yield f"{name}: {_scalar(value)}"
            continue
        repeated = [value] if isinstance(value, Mapping) else value
        scalars = [_scalar(one) for one in repeated if not isinstance(one, Mapping)]
        if scalars:
            yield f"{name}: [ {', '.join(scalars)} ]"
        for one in repeated:
            if isinstance(one, Mapping):
                yield f"{name} {{"
                yield from (f"  {line}" for line in _lines(one))
                yield "}"


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Symbol | int):
        return str(value)
    return f'"{"".join(_escaped(byte) for byte in value.encode())}"'


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in '"\\':
        return f"\\{character}"
    return character if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
