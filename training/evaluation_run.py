"""Recall of a checkpoint or of a bundle on a data set, by one protocol."""

from pathlib import Path
from typing import Literal

from ..runtime.bundle import Bundle, Precision
from ..runtime.bundle_evaluation import evaluate_bundle
from ..runtime.datasets import Layout, Split, read_places
from ..runtime.errors import ConfigError
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall


def evaluation_run(
    *,
    checkpoint: Path | None,
    bundle: Path | None,
    data: Path,
    layout: Layout,
    split: Split | None,
    maps: Literal["learned", "uniform"] = "learned",
    precision: Precision | None = None,
    progress: Progress = silent,
) -> Recall:
    """
    Rank every ground image of a split against every tile of it.

    Args:
        checkpoint: a run's folder; needs torch. Exactly one of this and `bundle`.
        bundle: a bundle's folder; runs on ONNX Runtime, without torch.
        data: the data set.
        layout: how it lies on disk.
        split: which places; None for the held-out ones.
        maps: `uniform` flattens the neural maps (of a checkpoint only).
        precision: the bundle's graph; None takes fp32, as every backend on a CPU.
        progress: told about every image.

    Raises:
        ConfigError: an option that the kind of network does not have.
        ClnetError: unusable data, checkpoint or bundle.

    """
    places = read_places(data, layout, split)
    if bundle is not None:
        if maps == "uniform":
            raise ConfigError("a bundle's maps are folded into its graphs: use --checkpoint")
        return evaluate_bundle(Bundle.open(bundle), places, precision, progress=progress)
    if checkpoint is None or precision is not None:
        raise ConfigError("--precision chooses among a bundle's graphs: a checkpoint has none")
    from .checkpoint import load_checkpoint
    from .evaluation import evaluate
    from .pairs import paired_images
    from .reweighing import uniform

    network = load_checkpoint(checkpoint).network
    pairs = paired_images(places, network.config, progress=progress)
    return evaluate(
        network, pairs, reweigh=uniform if maps == "uniform" else None, progress=progress
    )
