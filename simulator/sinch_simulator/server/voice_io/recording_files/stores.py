"""Files of recordings into the customer's own stores: S3 by boto3, Azure by azure-storage-blob, both optional extras.

A store is only ever reached where the usual environment names an endpoint of one: ``AWS_ENDPOINT_URL_S3`` or
``AWS_ENDPOINT_URL`` (LocalStack, moto), ``AZURE_STORAGE_CONNECTION_STRING`` (Azurite). Without, its delivery is
simulated, so a simulator never sends anything to the real Amazon or Azure by accident.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.recording import Place, Store
from sinch_simulator.server.trust import bundle
from sinch_simulator.server.unreachable import why_unreachable

TIMEOUT_S = 20
"""Real seconds after which a store that does not answer counts as out of reach."""


class DeliveryError(Exception):
    """The store did not take the file; the text says why."""


@frozen
class Stores:
    """The stores that the environment names."""

    s3_endpoint: str | None = None
    azure_connection: str | None = None
    ca_file: str | None = None
    """A PEM file whose certificates are trusted in addition to those that the libraries trust."""

    @classmethod
    def of(cls, environment: Mapping[str, str], ca_file: str | None = None) -> "Stores":
        """Returns what these variables say, and which certificates are trusted too."""
        return cls(
            environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or None,
            environment.get("AZURE_STORAGE_CONNECTION_STRING") or None,
            ca_file,
        )

    @property
    def names(self) -> frozenset[str]:
        """Returns the kinds of store that can be reached."""
        reachable = {Store.S3.value: self.s3_endpoint, Store.AZURE.value: self.azure_connection}
        return frozenset(name for name, where in reachable.items() if where is not None)

    def put(self, place: Place, credentials: str, file: IO[bytes], content_type: str) -> None:
        """Stores a file, in place of one of the same name. Blocks; raises ``DeliveryError``."""
        if place.store is Store.S3 and self.s3_endpoint is not None:
            _put_to_s3(self.s3_endpoint, self.ca_file, place, credentials, file, content_type)
        elif place.store is Store.AZURE and self.azure_connection is not None:
            _put_to_azure(self.azure_connection, self.ca_file, place, credentials, file, content_type)
        else:
            raise DeliveryError(f"there is no endpoint for {place.store.value}:// in the environment")


def _put_to_s3(
    endpoint: str, ca_file: str | None, place: Place, credentials: str, file: IO[bytes], content_type: str
) -> None:
    """Credentials are ``accessKey:secretKey:region``; what is missing comes from the environment.

    Source: docs/platform/svaml.md#4.
    """
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.httpsession import get_cert_path
    except ImportError:
        raise DeliveryError("boto3 is not installed: pip install 'sinch-simulator[s3]'") from None
    key, secret, region = [*credentials.split(":"), "", "", ""][:3]
    settings = Config(
        connect_timeout=TIMEOUT_S, read_timeout=TIMEOUT_S, retries={"max_attempts": 0}, s3={"addressing_style": "path"}
    )
    try:
        with _trusted(ca_file, get_cert_path(True)) as trusted:
            client = boto3.client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=key or None,
                aws_secret_access_key=secret or None,
                region_name=region or None,
                config=settings,
                verify=trusted,
            )
            try:
                client.put_object(Bucket=place.container, Key=place.path, Body=file, ContentType=content_type)
            finally:
                client.close()
    except (BotoCoreError, ClientError, ValueError, OSError) as error:
        raise DeliveryError(why_unreachable(error, endpoint)) from error


def _put_to_azure(
    connection: str, ca_file: str | None, place: Place, credentials: str, file: IO[bytes], content_type: str
) -> None:
    """The account key of the destination counts when the connection string is of the same account, else its own."""
    try:
        from azure.core.exceptions import AzureError
        from azure.storage.blob import BlobServiceClient, ContentSettings
        from certifi import where
    except ImportError:
        raise DeliveryError("azure-storage-blob is not installed: pip install 'sinch-simulator[azure]'") from None
    account, _, container = place.container.partition("/")
    parts = dict(part.partition("=")[::2] for part in connection.split(";") if part)
    if credentials and parts.get("AccountName") == account:
        connection = ";".join(f"{name}={value}" for name, value in {**parts, "AccountKey": credentials}.items())
    try:
        with (
            _trusted(ca_file, where()) as trusted,
            BlobServiceClient.from_connection_string(
                connection,
                connection_timeout=TIMEOUT_S,
                read_timeout=TIMEOUT_S,
                retry_total=0,
                connection_verify=trusted or True,
            ) as service,
        ):
            settings = ContentSettings(content_type=content_type)
            blob = service.get_blob_client(container, place.path)
            blob.upload_blob(file, overwrite=True, content_settings=settings)
    except (AzureError, ValueError, OSError) as error:
        raise DeliveryError(why_unreachable(error, parts.get("BlobEndpoint", "")).splitlines()[0]) from error


@contextmanager
def _trusted(ca_file: str | None, others: str) -> Iterator[str | None]:
    """Gives the file of what a library is to trust; None for what it trusts by itself."""
    if ca_file is None:
        yield None
        return
    with bundle(ca_file, others) as together:
        yield together
