"""From a source to a gallery, embedded by a Ray cluster."""

from collections.abc import Iterable
from pathlib import Path

from ..backends import BackendName, RunPrecision
from ..bundle import Bundle
from ..embedding_run import EmbeddingRun, fill_gallery
from ..gallery import NumberFormat
from ..item import Item
from ..preprocess import View
from ..progress import Progress, silent
from .cluster import RayCluster
from .embedder import ray_embedder


def embed_into_with_ray(
    cluster: RayCluster,
    gallery: str | Path,
    bundle: Bundle,
    view: View,
    items: Iterable[Item],
    *,
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    number_format: NumberFormat | None = None,
    batch_size: int = 32,
    decode_threads: int | None = None,
    failed: Path | None = None,
    progress: Progress = silent,
) -> EmbeddingRun:
    """
    Do what `embed_into` does with the workers of a cluster; this process alone commits.

    Args:
        cluster: where the workers run.
        gallery: the gallery's folder, or its address in object storage.
        bundle: what to run; the branch is shipped to the workers.
        view: which branch.
        items: see `embed_into`. What they name must be readable from every worker: local files
            in a local cluster, else a shared file system or an object store.
        backend: see `ray_embedder`.
        precision: see `open_backend`.
        number_format: see `embed_into`.
        batch_size: images in one run of the network.
        decode_threads: see `ray_embedder`.
        failed: where unreadable items are listed; see `embed_into`.
        progress: told of every item, when its block is back.

    Raises:
        ExtraMissing, BackendUnavailable, ConfigError: there is no such cluster, or it is too small.
        ClusterFailed: Ray lost its workers, or could not run them; what was committed stays.
        ClnetError: as `embed_into`.

    """
    with ray_embedder(
        cluster,
        bundle,
        view,
        backend=backend,
        precision=precision,
        batch_size=batch_size,
        decode_threads=decode_threads,
        progress=progress,
    ) as embed:
        return fill_gallery(
            gallery, bundle, view, items, embed, number_format=number_format, failed=failed
        )
