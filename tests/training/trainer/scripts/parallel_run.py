"""Some steps of several processes: `python parallel_run.py FOLDER PICTURES CONFIG [failing]`."""

import sys
from pathlib import Path

from coloured import coloured_places

from clnet.runtime import ClnetError, DataError
from clnet.runtime.datasets.paired_task import paired_task
from clnet.training.safetensors_file import write_tensors
from clnet.training.train_config import read_train_config
from clnet.training.trainer import Trainer
from clnet.training.trainer.optimizer import state_tensors
from clnet.training.trainer.processes import Processes

EPSILON = 1e-3
"""
Of AdamW, which divides by a gradient's size: where a gradient is zero but for rounding (a bias
ahead of BatchNorm), its usual 1e-8 would make whole steps of the rounding.
"""


def run(folder: Path, pictures: Path, config: Path) -> None:
    """Train, and write what each process has in the end."""
    places = coloured_places(pictures / "train", 24, seed=0)
    held_out = coloured_places(pictures / "held-out", 12, seed=1)
    trainer = Trainer(
        read_train_config(config), places, [paired_task("colours", held_out)], folder, Processes(30)
    )
    learner = trainer.learner
    for group in learner.optimizer.param_groups:
        group["eps"] = EPSILON
    trainer.run()
    tensors = {f"network/{n}": one for n, one in learner.network.state_dict().items()}
    moments = state_tensors(learner.optimizer).items()
    tensors |= {f"optimizer/{n}": one for n, one in moments if n.endswith("exp_avg")}
    if learner.average is not None:
        tensors |= {f"average/{n}": one for n, one in learner.average.state().items()}
    write_tensors(folder / f"process-{trainer.processes.rank}.safetensors", tensors)


def fail() -> None:
    """Fail in the second process, while the first waits for its descriptors."""
    from clnet.training.trainer import learner

    def broken(*_: object) -> None:
        raise DataError("no image")

    if Processes(30).rank == 1:
        learner.gather_descriptors = broken


if __name__ == "__main__":
    try:
        if sys.argv[4:] == ["failing"]:
            fail()
        run(*map(Path, sys.argv[1:4]))
    except ClnetError as error:
        sys.exit(f"{type(error).__name__}: {error}")
