"""`clnet-data`: make, check and list data sets."""

import click

from ...runtime.console import VERSION
from .data_check import check
from .data_list import list_places
from .data_town import town
from .data_weights import import_file


@click.group(epilog="Example: clnet-data town --out town --places 4000 --test-places 500")
@VERSION
def data() -> None:
    """Make and check data sets."""


for command in (town, check, list_places, import_file):
    data.add_command(command)
