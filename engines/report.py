"""How built engines are shown and written down."""

from collections.abc import Sequence
from pathlib import Path

from ..runtime.artifact import Artifact
from ..runtime.engine.sidecar import Sidecar


class BuildReport(Artifact):
    """What `clnet-build --json` writes."""

    engines: tuple[Sidecar, ...]
    """One record an engine."""


def write_report(records: Sequence[Sidecar], path: Path) -> None:
    """
    Write the records as JSON.

    Raises:
        ArtifactError: `path` cannot be written.

    """
    BuildReport(engines=tuple(records)).write(path)


def describe(record: Sidecar) -> str:
    """Say on a few lines what was built, what was left out and why."""
    identity, certificate = record.identity, record.certificate
    lines = [
        f"{identity.part}: {record.key}.engine, {record.engine.size_bytes / 2**20:.1f} MiB, "
        f"built in {record.build_s:.1f} s",
        f"  {identity.flavour} {identity.version} for {', '.join(record.capabilities)}; "
        f"{_sizes(record)}; TF32 {'on' if record.tf32 else 'off'}",
        f"  half: {certificate.half_share_of_tensors:.1%} of tensors, "
        f"{certificate.half_share_of_products:.1%} of products",
    ]
    lines += [f"  left out {name}: {reason}" for name, reason in record.left_out.items()]
    return "\n".join(lines)


def _sizes(record: Sidecar) -> str:
    # Profiles differ in their first input alone; what else moves is the same in each.
    first = record.inputs[0].name
    batches = [profile.shapes[first] for profile in record.profiles]
    said = f"{first} " + ", ".join(f"{each.min[0]}-{each.max[0]}" for each in batches)
    for name, shape in record.profiles[0].shapes.items():
        if name != first:
            said += f", {name} {shape.min[0]}-{shape.max[0]}"
    for name, values in record.profiles[0].values.items():
        said += f", {name} {values.min[0]}-{values.max[0]}"
    return said
