"""What the learned maps contribute: recall with others in their place."""

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from ...runtime.ranking import Recall
from ...training.reweighing import borrowed, shuffled, uniform
from ..experiments.row_fields import score_fields
from ..experiments.runs import read_record
from ..experiments.scoring import HeldOut
from ..experiments.spread import spread
from ..records.maps_result import MapRecallResult
from .studied import Studied

_RECALLS = ("recall_at_1", "recall_at_5", "recall_at_10")


def contribution_rows(
    run: Studied, own: Recall, others: Sequence[Studied], held_out: HeldOut, draws: int
) -> Iterator[MapRecallResult]:
    """
    Score a network with its maps, and with others; nothing is trained again.

    Args:
        run: the network.
        own: its score with its own maps.
        others: whose maps are put in, too.
        held_out: the places.
        draws: permutations of positions.

    Raises:
        ConfigError: another run has maps of other sizes.

    """
    fields = _fields(run, held_out)
    for name, score in (("learned", own), ("uniform", held_out.score(run.network, uniform))):
        yield MapRecallResult.model_validate({**fields, **score_fields(score), "maps": name})
    scores = [held_out.score(run.network, shuffled(seed)) for seed in range(draws)]
    yield MapRecallResult.model_validate({**fields, **_over_draws(scores), "maps": "shuffled"})
    for other in others:
        score = held_out.score(run.network, borrowed(other.network))
        yield MapRecallResult.model_validate(
            {**fields, **score_fields(score), "maps": "borrowed", "source": other.name}
        )


def _fields(run: Studied, held_out: HeldOut) -> dict[str, Any]:
    record = read_record(run.folder)
    data = held_out.data.resolve().name
    is_own = record is not None and record.data == data
    return {
        **run.fields,
        "run": run.name,
        "seed": run.config.seed,
        "data": data,
        "layout": held_out.layout,
        "floor_at_1": record.linear_floor_at_1 if record is not None and is_own else None,
    }


def _over_draws(scores: Sequence[Recall]) -> dict[str, Any]:
    means = {name: fmean(getattr(one, name) for one in scores) for name in _RECALLS}
    return {
        **score_fields(scores[0]),
        **means,
        "draws": len(scores),
        "spread_at_1": spread([one.recall_at_1 for one in scores]),
    }
