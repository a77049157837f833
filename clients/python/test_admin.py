"""The official Python SDK administers a running server."""

import time
import uuid

import openai
import pytest


@pytest.fixture(scope="module")
def organization(server):
    with openai.OpenAI(
        base_url=f"{server.url}/v1", api_key=None, admin_api_key=server.key, max_retries=0, timeout=120
    ) as client:
        yield client.admin.organization


def test_a_service_account_chats_and_usage_and_audit_say_so(organization, server):
    project = organization.projects.create(name=f"python-{uuid.uuid4().hex[:8]}")
    account = organization.projects.service_accounts.create(project.id, name="crawler")
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=account.api_key.value, max_retries=0) as crawler:
        question = [{"role": "user", "content": "Say something."}]
        answer = crawler.chat.completions.create(model=server.model, messages=question, max_tokens=5)

        keys = list(organization.projects.api_keys.list(project.id))
        assert [key.id for key in keys] == [account.api_key.id]
        assert keys[0].owner.service_account.id == account.id

        start = int(time.time()) - 3600
        usage = organization.usage.completions(start_time=start, project_ids=[project.id], bucket_width="1d")
        used = [result for bucket in usage.data for result in bucket.results]
        assert [result.num_model_requests for result in used] == [1]
        assert used[0].output_tokens == answer.usage.completion_tokens

        types = {entry.type for entry in organization.audit_logs.list(project_ids=[project.id])}
        assert types == {"project.created", "service_account.created", "api_key.created"}

        assert organization.projects.archive(project.id).status == "archived"
        with pytest.raises(openai.AuthenticationError):
            crawler.models.list()


def test_a_project_key_does_not_administer(organization, server):
    project = organization.projects.create(name=f"python-{uuid.uuid4().hex[:8]}")
    account = organization.projects.service_accounts.create(project.id, name="crawler")
    with openai.OpenAI(
        base_url=f"{server.url}/v1", api_key=None, admin_api_key=account.api_key.value, max_retries=0
    ) as crawler:
        with pytest.raises(openai.PermissionDeniedError):
            crawler.admin.organization.users.list()
        with pytest.raises(openai.NotFoundError):
            crawler.admin.organization.projects.retrieve("proj_default")
