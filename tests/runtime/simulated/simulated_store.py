"""An S3 store in this process, on the loopback interface, played by moto."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

BUCKET = "bucket"


@dataclass(frozen=True)
class SimulatedStore:
    """An S3 store with one bucket."""

    environment: dict[str, str]
    """What Arrow and Lance need to find it."""

    def put(self, name: str, content: bytes) -> str:
        """Store an object; return its address."""
        from pyarrow.fs import S3FileSystem

        bucket = S3FileSystem(
            access_key=self.environment["AWS_ACCESS_KEY_ID"],
            secret_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            endpoint_override=self.environment["AWS_ENDPOINT_URL"],
            allow_bucket_creation=True,
        )
        bucket.create_dir(BUCKET)
        with bucket.open_output_stream(f"{BUCKET}/{name}") as stream:
            stream.write(content)
        return f"s3://{BUCKET}/{name}"


@contextmanager
def simulated_store() -> Iterator[SimulatedStore]:
    pytest.importorskip("flask", reason="moto's server is not installed: moto[server]")
    moto = pytest.importorskip("moto.server", reason="moto is not installed: moto[server]")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield SimulatedStore(
        {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ALLOW_HTTP": "true",
        }
    )
    server.stop()
