"""The server under test, named by the environment that `clients/check` sets."""

import os
from dataclasses import dataclass

import openai
import pytest


@dataclass(frozen=True)
class Server:
    url: str
    key: str
    model: str
    adapters: tuple[str, ...]


@pytest.fixture(scope="session")
def server() -> Server:
    return Server(
        url=os.environ["FACTORY_URL"],
        key=os.environ["FACTORY_KEY"],
        model=os.environ["FACTORY_MODEL"],
        adapters=tuple(os.environ["FACTORY_ADAPTERS"].split(",")),
    )


@pytest.fixture(scope="session")
def client(server: Server):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0, timeout=120) as client:
        yield client
