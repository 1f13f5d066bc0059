import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.engines.triton.text_format import Symbol, to_text

TEXT = st.text() | st.text(alphabet="\"\\'{}[]\n\r\t\0\x7fé∞0189x")


def test_a_message_reads_as_triton_s_own_examples_do() -> None:
    message = {
        "name": "m",
        "on": True,
        "dims": (3, 8),
        "none": (),
        "input": [{"kind": Symbol("TYPE_FP32")}, {"kind": Symbol("TYPE_UINT8")}],
        "policy": {"latest": {"num_versions": 1}},
    }

    assert to_text(message) == (
        'name: "m"\n'
        "on: true\n"
        "dims: [ 3, 8 ]\n"
        "input {\n  kind: TYPE_FP32\n}\n"
        "input {\n  kind: TYPE_UINT8\n}\n"
        "policy {\n  latest {\n    num_versions: 1\n  }\n}\n"
    )


@given(TEXT)
def test_protobuf_reads_back_every_string(text: str) -> None:
    pytest.importorskip("google.protobuf", reason="protobuf comes with clnet[export]")
    from google.protobuf import text_format, wrappers_pb2

    message = text_format.Parse(to_text({"value": text}), wrappers_pb2.StringValue())

    assert message.value == text


@given(st.dictionaries(TEXT, st.lists(TEXT)))
def test_protobuf_reads_back_nested_and_repeated_messages(content: dict[str, list[str]]) -> None:
    pytest.importorskip("google.protobuf", reason="protobuf comes with clnet[export]")
    from google.protobuf import struct_pb2, text_format

    fields = [
        {"key": key, "value": {"list_value": {"values": [{"string_value": one} for one in texts]}}}
        for key, texts in content.items()
    ]
    message = text_format.Parse(to_text({"fields": fields}), struct_pb2.Struct())

    assert {key: list(value) for key, value in message.items()} == content
