"""Files of recordings into the customer's own stores, S3 and Azure Blob Storage: one signed PUT for each.

A store is only ever reached at the endpoint that the user names (``--s3-endpoint``, ``--azure-endpoint``), with the
credentials of the SVAML, through the one way out. Bucket and account are parts of the path, so no SVAML can make a host
of its own. Nothing of the environment, no file in the home folder and no service of a cloud is asked for anything.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import re
import time
from collections.abc import Mapping
from typing import IO
from urllib.parse import quote

import aiohttp
from yarl import URL

from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.recording import Place, Store
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.unreachable import why_unreachable

TIMEOUT_S = 20
"""Real seconds after which a store that does not answer counts as out of reach."""

_LONGEST_ANSWER = 4096
_AZURE_VERSION = "2021-08-06"
_REGION = "us-east-1"
"""Where the credentials name none."""
_ERROR = re.compile(r"<Code>([^<]*)</Code>(?:.*?<Message>([^<]*))?", re.DOTALL)


class DeliveryError(Exception):
    """The store did not take the file; the text says why."""


@frozen(eq=False)
class Stores:
    """The stores that the user names; without an endpoint the delivery of a file is simulated."""

    _sender: CallbackSender

    @property
    def names(self) -> frozenset[str]:
        """Returns the kinds of store that can be reached."""
        return frozenset(self._sender.outbound.stores)

    async def put(self, place: Place, credentials: str, file: IO[bytes], content_type: str) -> None:
        """Stores a file, in place of one of the same name, and closes it. Raises ``DeliveryError``."""
        endpoint = self._sender.outbound.stores.get(place.store.value)
        if endpoint is None:
            raise DeliveryError(f"there is no --{place.store.value}-endpoint")
        if {"", ".", ".."} & {*place.container.split("/"), *place.path.split("/")}:
            raise DeliveryError(f"{place.url('')} has an empty part, or one of dots")
        size, digest = await asyncio.to_thread(_measured, file)
        base = URL(endpoint)
        path = base.raw_path.rstrip("/") + quote(f"/{place.container}/{place.path}", safe="/-_.~")
        url = base.with_path(path, encoded=True)
        if place.store is Store.S3:
            headers = _signed_for_s3(url, credentials, content_type, digest, time.gmtime())
        else:
            headers = _signed_for_azure(url, place, credentials, content_type, size, time.gmtime())
        await self._send(url, {**headers, "Content-Length": str(size)}, file)

    async def _send(self, url: URL, headers: Mapping[str, str], file: IO[bytes]) -> None:
        limit = aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S)
        try:
            async with await self._sender.with_descriptor(
                lambda: self._sender.others.put(url, data=file, headers=headers, allow_redirects=False, timeout=limit)
            ) as reply:
                if not 200 <= reply.status < 300:
                    said = await reply.content.read(_LONGEST_ANSWER)
                    raise DeliveryError(_why_refused(url, reply.status, said.decode("utf-8", "replace")))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryError(f"{url.authority}: {why_unreachable(error, str(url))}") from error


def _measured(file: IO[bytes]) -> tuple[int, str]:
    """Returns how many bytes a file has, and their SHA-256; it stands at its beginning again afterwards."""
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # binary files that can be read and sought
    size = file.seek(0, os.SEEK_END)
    file.seek(0, os.SEEK_SET)
    return size, digest.hexdigest()


def _why_refused(url: URL, status: int, body: str) -> str:
    found = _ERROR.search(body)
    what = "" if found is None else ": " + " ".join(f"{found[1]} {found[2] or ''}".split())
    hint = "; redirects are not followed" if 300 <= status < 400 else ""
    return f"{url.authority} answered HTTP status {status}{what}{hint}"


def _signed_for_s3(
    url: URL, credentials: str, content_type: str, digest: str, now: time.struct_time
) -> dict[str, str]:
    """Returns the headers of a PUT to S3, signed by version 4. Credentials are ``accessKey:secretKey[:region]``.

    Source: docs/platform/svaml.md#4; Amazon's "Signature Version 4".
    """
    key, secret, region = [*credentials.split(":"), "", "", ""][:3]
    if not key or not secret:
        raise DeliveryError("the credentials are not accessKey:secretKey:region")
    at = time.strftime("%Y%m%dT%H%M%SZ", now)
    headers = {"content-type": content_type, "host": url.authority, "x-amz-content-sha256": digest, "x-amz-date": at}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"PUT\n{url.raw_path}\n\n{lines}\n{names}\n{digest}"
    scope = f"{at[:8]}/{region or _REGION}/s3/aws4_request"
    signed = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, signed.encode(), "sha256").hex()
    says = f"Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": f"AWS4-HMAC-SHA256 {says}"}


def _signed_for_azure(
    url: URL, place: Place, credentials: str, content_type: str, size: int, now: time.struct_time
) -> dict[str, str]:
    """Returns the headers of a Put Blob, signed by the key of the account, which the credentials are.

    Source: docs/platform/svaml.md#4; Microsoft's "Authorize with Shared Key".
    """
    try:
        key = base64.b64decode(credentials, validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise DeliveryError("the credentials are not the key of the account, which is base64 text")
    account = place.container.partition("/")[0]
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", now)
    own = {"x-ms-blob-type": "BlockBlob", "x-ms-date": date, "x-ms-version": _AZURE_VERSION}
    lines = "".join(f"{name}:{value}\n" for name, value in own.items())
    signed = f"PUT\n\n\n{size or ''}\n\n{content_type}\n\n\n\n\n\n\n{lines}/{account}{url.raw_path}"
    signature = base64.b64encode(hmac.digest(key, signed.encode(), "sha256")).decode()
    return {**own, "Content-Type": content_type, "Authorization": f"SharedKey {account}:{signature}"}
