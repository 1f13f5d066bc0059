import pytest

from clnet.runtime.engine.contract import BranchContract, MatcherContract, TensorRecord
from clnet.runtime.errors import ArtifactError


def tensor(name: str, dtype: str, *shape: int) -> TensorRecord:
    return TensorRecord(name=name, dtype=dtype, shape=shape)


BRANCH = BranchContract(height=32, width=64, embedding_dim=16)
IMAGES = tensor("images", "float", -1, 3, 32, 64)
EMBEDDINGS = tensor("embeddings", "float", -1, 16)

MATCHER = MatcherContract(embedding_dim=16)
INPUTS = (
    tensor("queries", "float", -1, 16),
    tensor("gallery", "float", -1, 16),
    tensor("k", "int64", 1),
)
OUTPUTS = (
    tensor("scores", "float", -1, -1),
    tensor("rows", "int64", -1, -1),
    tensor("probe", "float", -1),
)


@pytest.mark.parametrize(
    "images", [IMAGES, tensor("images", "uint8", -1, 32, 64, 3), tensor("x", "float", 4, 3, 32, 64)]
)
def test_a_branch_reads_float_planes_or_bytes_of_any_batch(images: TensorRecord) -> None:
    BRANCH.check((images,), (EMBEDDINGS,))


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        pytest.param((), (EMBEDDINGS,), "input: .* got none", id="no-input"),
        pytest.param((IMAGES, IMAGES), (EMBEDDINGS,), "input: expected one", id="two-inputs"),
        pytest.param(
            (tensor("images", "half", -1, 3, 32, 64),), (EMBEDDINGS,), "images half", id="half"
        ),
        pytest.param((IMAGES,), (tensor("maps", "float", -1, 17),), r"maps float", id="other-d"),
    ],
)
def test_a_graph_that_is_no_such_branch_is_refused(
    inputs: tuple[TensorRecord, ...], outputs: tuple[TensorRecord, ...], message: str
) -> None:
    with pytest.raises(ArtifactError, match=message):
        BRANCH.check(inputs, outputs)


@pytest.mark.parametrize("probe", [tensor("probe", "float", -1), tensor("probe", "float", 1)])
def test_a_matcher_is_known_by_names_types_and_its_dimension(probe: TensorRecord) -> None:
    MATCHER.check(INPUTS, (*OUTPUTS[:2], probe))


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        pytest.param((tensor("queries", "float", -1, 17), *INPUTS[1:]), OUTPUTS, id="other-d"),
        pytest.param((tensor("queries", "float", 8, 16), *INPUTS[1:]), OUTPUTS, id="fixed-q"),
        pytest.param((tensor("queries", "half", -1, 16), *INPUTS[1:]), OUTPUTS, id="half"),
        pytest.param((*INPUTS[:2], tensor("k", "int32", 1)), OUTPUTS, id="k-int32"),
        pytest.param(INPUTS[:2], OUTPUTS, id="k-fixed"),
        pytest.param(INPUTS, OUTPUTS[:2], id="no-probe"),
        pytest.param(INPUTS, (tensor("scores", "float", -1), *OUTPUTS[1:]), id="flat-scores"),
        pytest.param((IMAGES,), (EMBEDDINGS,), id="a-branch"),
    ],
)
def test_a_graph_that_is_no_such_matcher_is_refused(
    inputs: tuple[TensorRecord, ...], outputs: tuple[TensorRecord, ...]
) -> None:
    with pytest.raises(ArtifactError, match=r"the matcher's .*: expected .*; got"):
        MATCHER.check(inputs, outputs)
