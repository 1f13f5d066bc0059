"""A network's score on held-out places, by the benchmark's own protocol."""

import hashlib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.datasets import Layout, one_a_tile, open_dataset
from ...runtime.errors import DataError
from ...runtime.images import read_image
from ...runtime.preprocess import Preprocess
from ...runtime.progress import Progress, silent
from ...runtime.ranking import Recall
from ...training.checkpoint import load_checkpoint
from ...training.evaluation import evaluate
from ...training.network import CLNet
from ...training.reweighing import Reweigh
from ...training.run import TrainReport
from ...training.train_config import TrainConfig


class HeldOut:
    """The held-out places of a data set."""

    def __init__(
        self,
        data: Path,
        config: TrainConfig,
        *,
        layout: Layout | None = None,
        progress: Progress = silent,
    ) -> None:
        """
        Read the lists; images are read when they are asked for.

        Args:
            data: the data set.
            config: of a run; says which of VIGOR's areas and labels are meant, if `data` is VIGOR.
            layout: how `data` lies on disk; None for as the run's own.
            progress: told about every image.

        Raises:
            DataError: the folder is not of that layout.

        """
        self.data = data
        self.layout = layout or config.layout
        if self.layout == "vigor":
            dataset = open_dataset(data, "vigor", area=config.area, labels=config.labels)
        else:
            dataset = open_dataset(data, self.layout)
        self._task = dataset.tasks(dataset.held_out)[0]
        self._places = one_a_tile(dataset.places(dataset.held_out))
        self._progress = progress

    def __len__(self) -> int:
        """Return how many pairs there are to look at."""
        return len(self._places)

    def fingerprint(self) -> str:
        """
        Hash names and sizes of the images: a town made anew under an old name is another one.

        Raises:
            DataError: an image is missing.

        """
        digest = hashlib.sha256()
        for place in self._places:
            for path in (place.ground, place.satellite):
                try:
                    size_bytes = path.stat().st_size
                except OSError as error:
                    raise DataError(f"cannot read {path}: {error.strerror}") from error
                digest.update(f"{path.relative_to(self.data)} {size_bytes}\n".encode())
        return digest.hexdigest()

    def score(self, network: CLNet, reweigh: Reweigh | None = None) -> Recall:
        """
        Rank by the benchmark's own protocol: the first one of its first task.

        Args:
            network: of any image sizes.
            reweigh: changes its normalised maps.

        Raises:
            DataError: an image is missing or cannot be decoded.
            EmbeddingError: embeddings are not finite or have collapsed.

        """
        return evaluate(network, self._task, reweigh=reweigh, progress=self._progress)[0]

    def images(self, size: Preprocess, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """
        Read one view of some pairs.

        Args:
            size: of which view, and how it is fitted.
            rows: [B] int64, below `len`.

        Returns:
            [B, H, W, 3] uint8.

        Raises:
            DataError: an image is missing or cannot be decoded.

        """
        places = [self._places[row] for row in rows]
        paths = [place.ground if size.view == "ground" else place.satellite for place in places]
        return np.stack([size.fit(read_image(path)) for path in paths])


def score_of(report: TrainReport) -> Recall:
    """Return the benchmark's own score of a training run."""
    return report.scores[0]


def load_network(run: Path) -> CLNet:
    """
    Load a run's network, onto the GPU where there is one.

    Raises:
        ArtifactError: `run` holds no usable checkpoint.

    """
    network = load_checkpoint(run).network
    return network.to("cuda" if torch.cuda.is_available() else "cpu")
