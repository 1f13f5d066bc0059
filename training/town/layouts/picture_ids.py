"""Names of photographs as street-view services give them."""

import base64
import hashlib

_LENGTH = 22


def panorama_id(seed: int, id_: int) -> str:
    """
    Name the panorama of a place.

    Returns:
        22 letters, digits, `-` and `_`, as CVACT's and VIGOR's panoramas have; equal towns give
        equal names, and they say nothing about the place.

    """
    digest = hashlib.sha256(f"clnet town {seed} place {id_}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:_LENGTH].decode()
