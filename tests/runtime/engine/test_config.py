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
    "profile",
    [
        pytest.param("8,1", id="falling"),
        pytest.param("1,1", id="twice"),
        pytest.param("0", id="zero"),
        pytest.param("1,5000", id="huge"),
        pytest.param("1,2,3,4,5,6,7,8,9", id="too many"),
        pytest.param("one", id="word"),
        pytest.param("", id="empty"),
    ],
)
def test_batch_classes_that_make_no_sense_are_refused_in_plain_words(profile: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        read_config(profile, workspace_mib=512)

    assert str(refusal.value) == (
        "profile: expected one to eight rising whole numbers from 1 to 4096, such as 1,8,32; "
        f"got {profile!r}"
    )


def test_no_scratch_memory_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="workspace-mib: expected 1 MiB or more, got 0"):
        read_config("1", workspace_mib=0)


def test_a_matcher_config_never_allows_tf32_nor_more_rows_than_tensorrt_ranks() -> None:
    with pytest.raises(ValidationError, match="tf32"):
        MatcherConfig.model_validate({"tf32": True})
    with pytest.raises(ValidationError, match="top_k"):
        MatcherConfig(top_k=MAX_K + 1)


def test_classes_of_queries_rise_as_those_of_images_do() -> None:
    with pytest.raises(ValidationError, match="classes must rise"):
        MatcherConfig(queries=(64, 1))
