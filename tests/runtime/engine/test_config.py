import pytest
from pydantic import ValidationError

from clnet.runtime.engine.config import MAX_K, BranchConfig, MatcherConfig, read_config
from clnet.runtime.errors import ConfigError


def test_batch_classes_and_memory_are_read_from_a_command_line() -> None:
    config = read_config("1,4", workspace_mib=512)

    assert config == BranchConfig(batches=(1, 4), workspace_mib=512)


def test_tf32_is_off_unless_asked_for() -> None:
    assert BranchConfig().tf32 is False


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        pytest.param("8,1", "batch classes must rise", id="falling"),
        pytest.param("1,1", "batch classes must rise", id="twice"),
        pytest.param("0,8", "batches.0: Input should be greater than or equal to 1", id="zero"),
        pytest.param("1,5000", "less than or equal to 4096", id="huge"),
        pytest.param("one", "profile: expected e.g. 1,8,32; got 'one'", id="word"),
        pytest.param("", "profile: expected e.g. 1,8,32; got ''", id="empty"),
    ],
)
def test_batch_classes_that_make_no_sense_are_refused(profile: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config(profile, workspace_mib=512)


def test_no_scratch_memory_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="workspace_mib"):
        read_config("1", workspace_mib=0)


def test_a_matcher_config_never_allows_tf32_nor_more_rows_than_tensorrt_ranks() -> None:
    with pytest.raises(ValidationError, match="tf32"):
        MatcherConfig.model_validate({"tf32": True})
    with pytest.raises(ValidationError, match="top_k"):
        MatcherConfig(top_k=MAX_K + 1)


def test_classes_of_queries_rise_as_those_of_images_do() -> None:
    with pytest.raises(ValidationError, match="classes must rise"):
        MatcherConfig(queries=(64, 1))
