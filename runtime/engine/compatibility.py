"""
Does an engine fit this machine and this bundle? Every reason against it is given at once.

A serialized engine runs on the very version of TensorRT that wrote it and on the compute
capabilities it was built for: the builder never asks for VERSION_COMPATIBLE or AMPERE_PLUS.
"""

from dataclasses import dataclass

from ..bundle import Bundle, Part, Precision
from ..errors import ArtifactError
from .contract import BranchContract, Contract, MatcherContract
from .machine import Machine
from .sidecar import Sidecar


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bundle asks of one part's engine."""

    part: Part
    """The branch, or the matcher."""

    precision: Precision
    """What it shall compute in."""

    graphs: frozenset[str]
    """SHA-256 of the part's graphs, as the manifest lists them."""

    contract: Contract
    """The tensors that the runtime gives and takes."""


def wanted_of(bundle: Bundle, part: Part, precision: Precision | None = None) -> Wanted:
    """
    Read from a bundle what an engine must be.

    Args:
        bundle: an opened bundle.
        part: the branch, or the matcher, which is always FP32.
        precision: of a branch; None takes the manifest's default.

    """
    manifest = bundle.manifest
    files = manifest.files.items()
    if part == "matcher":
        graphs = frozenset(record.sha256 for name, record in files if name == "matcher.onnx")
        contract = MatcherContract(embedding_dim=manifest.embedding_dim)
        return Wanted(part, "fp32", graphs, contract)
    size = bundle.preprocess(part)
    graphs = frozenset(
        record.sha256
        for name, record in files
        if name.startswith(f"{part}/") and name.endswith(".onnx")
    )
    branch = BranchContract(
        height=size.height, width=size.width, embedding_dim=manifest.embedding_dim
    )
    return Wanted(part, precision or manifest.precision, graphs, branch)


def reasons_against(record: Sidecar, wanted: Wanted, machine: Machine) -> list[str]:
    """
    Compare an engine's record with what is wanted and what is here.

    Args:
        record: the engine's sidecar.
        wanted: see `wanted_of`.
        machine: asked for the record's flavour, too.

    Returns:
        One short sentence a reason; none if the engine fits.

    """
    return [*_of_the_machine(record, machine), *_of_the_bundle(record, wanted)]


def _of_the_machine(record: Sidecar, machine: Machine) -> list[str]:
    identity = record.identity
    found = []
    here = machine.versions.get(identity.flavour)
    if here is None:
        missing = machine.missing.get(identity.flavour, f"{identity.flavour} is not installed")
        found.append(missing)
    elif here != identity.version:
        found.append(f"it was built by {identity.flavour} {identity.version}; here is {here}")
    built_for = ", ".join(record.capabilities)
    if machine.capability is None:
        found.append(f"it needs a GPU of compute capability {built_for}; the driver finds none")
    elif machine.capability not in record.capabilities:
        found.append(
            f"it was built for compute capability {built_for}; this GPU has {machine.capability}"
        )
    if identity.machine != machine.system:
        found.append(f"it was built for {identity.machine}; this is {machine.system}")
    return found


def _of_the_bundle(record: Sidecar, wanted: Wanted) -> list[str]:
    identity = record.identity
    found = []
    if identity.part != wanted.part:
        found.append(f"it runs the {identity.part}; wanted is the {wanted.part}")
    if identity.precision != wanted.precision:
        found.append(f"it computes in {identity.precision}; wanted is {wanted.precision}")
    if identity.onnx_sha256 not in wanted.graphs:
        found.append("its weights are not this bundle's: another graph was built")
    if wanted.part == "matcher" and record.tf32:
        found.append("it rounds products to TF32; an exact search needs FP32")
    try:
        wanted.contract.check(record.inputs, record.outputs)
        record.certificate.check(identity.precision)
    except ArtifactError as error:
        found.append(str(error))
    return found
