"""The three signs that a re-implementation of CLNet failed, each as a check with its figures."""

from collections.abc import Sequence
from typing import Any

from ...training.network import CLNet
from ..records.ablation_result import TransferResult
from ..records.signature_result import SignatureResult, SignatureVerdict
from .cost import cost_of, sample4geo_macs
from .map_figures import has_converter, neural_map, position_std
from .row_fields import circumstances, network_fields
from .runs import TrainedRun
from .scoring import load_network

DEVIATION = 3.0
"""N^s deviates if it varies over positions this many times as much, or as little, as N^g does.
On the town NEC starts at a fifth to a quarter and, where it learns, ends at about 1.4."""

TRANSFER_SHARE = 0.47
"""Of the own recall: the lower of the two shares that the paper reports, 43.05 / 91.22 for CVACT to
CVUSA (the other is 59.17 / 98.57)."""

ABOVE_CHANCE = 10.0
"""An own R@1 below this many times chance, 1 / N, has nothing to transfer."""

CLAIMED_SAVING = 0.68
"""Share of FLOPs that the paper saves against its baseline; read as Sample4Geo's ConvNeXt-Base."""


def signatures_of(
    run: TrainedRun, transfers: Sequence[TransferResult] = ()
) -> tuple[SignatureResult, ...]:
    """
    Look for each signature in a run.

    Args:
        run: a finished one.
        transfers: its own rows of recall on other data sets.

    Raises:
        ArtifactError: the run holds no usable checkpoint.

    """
    fields = {
        **circumstances(),
        **network_fields(run.config.network, run.artifacts),
        "subject": run.folder.name,
    }
    return (
        _deviating_nec(run, load_network(run.folder), fields),
        _poor_transfer(transfers, fields),
        _flops_above_claim(run, fields),
    )


def _deviating_nec(run: TrainedRun, network: CLNet, fields: dict[str, Any]) -> SignatureResult:
    figures, is_met = {}, False
    floor = run.record.linear_floor_at_1
    if has_converter(network) and floor is not None:
        ratios = nec_spread_ratios(network)
        is_deviating = any(not 1 / DEVIATION <= one <= DEVIATION for one in ratios.values())
        figures = {"R@1": run.record.score.recall_at_1, "floor": floor, **ratios}
        is_met = run.record.score.recall_at_1 < floor and is_deviating
    return SignatureResult(
        signature="low recall with deviating NEC output",
        verdict=_verdict(figures, is_met),
        figures=figures,
        rule=f"R@1 below the linear floor, and std of N^s over positions above {DEVIATION:g} x or "
        f"below 1/{DEVIATION:g} of N^g's at a level",
        **fields,
    )


def nec_spread_ratios(network: CLNet) -> dict[str, float]:
    """Divide N^s's standard deviation over positions by N^g's, level by level, with their names."""
    return {
        f"std N^s / N^g, stage {stage}": position_std(neural_map(network, level, "satellite"))
        / max(position_std(neural_map(network, level, "ground")), 1e-12)
        for level, stage in enumerate(network.config.levels)
    }


def _poor_transfer(transfers: Sequence[TransferResult], fields: dict[str, Any]) -> SignatureResult:
    shares = {
        f"share of own R@1 on {row.data} ({row.layout})": row.recall_at_1 / row.own_recall_at_1
        for row in transfers
        if row.own_recall_at_1 >= ABOVE_CHANCE * 100 / row.own_gallery
    }
    return SignatureResult(
        signature="poor transfer",
        verdict=_verdict(shares, any(share < TRANSFER_SHARE for share in shares.values())),
        figures=shares,
        rule=f"R@1 on another data set below {TRANSFER_SHARE:.2f} of the own R@1, the least share "
        f"that the paper reports; not measured where the own R@1 is below {ABOVE_CHANCE:g} x "
        "chance; galleries of other sizes are not corrected for",
        **fields,
    )


def _flops_above_claim(run: TrainedRun, fields: dict[str, Any]) -> SignatureResult:
    own, theirs = cost_of(run.config.network).pair_macs, sample4geo_macs(run.config.network)
    saving = 1 - own / theirs
    return SignatureResult(
        signature="FLOPs above the claim",
        verdict=_verdict({"saving": saving}, saving < CLAIMED_SAVING),
        figures={"GMACs a pair": own / 1e9, "Sample4Geo": theirs / 1e9, "saving": saving},
        rule=f"less than {CLAIMED_SAVING:.0%} fewer MACs for a pair than Sample4Geo's "
        "ConvNeXt-Base at the same image sizes",
        **fields,
    )


def _verdict(figures: dict[str, float], is_met: bool) -> SignatureVerdict:
    return ("met" if is_met else "not met") if figures else "not measured"
