"""The official Python SDK brings a file, trains an adapter on a running server and asks it."""

import json
import time

import openai
import pytest

QUESTION = [{"role": "user", "content": "Say something."}]
DEADLINE = 60


def conversations(number):
    answer = {"role": "assistant", "content": "Moo."}
    return "".join(json.dumps({"messages": [*QUESTION, answer]}) + "\n" for _ in range(number)).encode()


def ask(client, model):
    answer = client.chat.completions.create(model=model, messages=QUESTION, temperature=0, max_tokens=8)
    return answer.choices[0].message.content


def follow(client, job):
    """The ended job, and what was told of it, oldest first."""
    seen = {}
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        now = client.fine_tuning.jobs.retrieve(job)
        for event in client.fine_tuning.jobs.list_events(job, limit=50):
            seen.setdefault(event.id, event)
        if now.status in ("succeeded", "failed", "cancelled"):
            return now, sorted(seen.values(), key=lambda event: event.created_at)
        time.sleep(0.1)
    raise AssertionError(f"{job} has not ended")


def test_a_model_is_trained_from_a_file_and_asked(client, server):
    file = client.files.create(file=("cow.jsonl", conversations(10)), purpose="fine-tune")
    assert client.files.content(file.id).read() == conversations(10)
    job = client.fine_tuning.jobs.create(
        model=server.model,
        training_file=file.id,
        suffix="cow",
        seed=7,
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 4, "batch_size": 1}}},
        extra_body={"llm_factory": {"evaluations": 4, "learning_rate": 0.02}},
    )
    done, events = follow(client, job.id)

    assert done.status == "succeeded", done.error
    assert job.id in [one.id for one in client.fine_tuning.jobs.list()]
    messages = [event.message for event in events]
    assert "The job has successfully completed" in messages
    assert len([event for event in events if event.type == "metrics"]) == 40
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id, limit=3))
    assert [checkpoint.step_number for checkpoint in checkpoints] == [40, 30, 20, 10]
    assert ask(client, done.fine_tuned_model) != ask(client, server.model)
    assert ask(client, checkpoints[0].fine_tuned_model_checkpoint) == ask(client, done.fine_tuned_model)
    assert client.files.content(done.result_files[0]).text.startswith("step,train_loss")

    assert client.models.delete(done.fine_tuned_model).deleted
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(file.id)


def test_a_file_comes_in_parts(client):
    content = conversations(50)
    file = client.uploads.upload_file_chunked(
        file=content,
        filename="parts.jsonl",
        bytes=len(content),
        mime_type="application/jsonl",
        purpose="fine-tune",
        part_size=1000,
    ).file
    assert client.files.content(file.id).read() == content
    assert client.files.delete(file.id).deleted


def test_an_order_without_its_file_is_refused(client, server):
    with pytest.raises(openai.BadRequestError) as refused:
        client.fine_tuning.jobs.create(model=server.model, training_file="file-none")
    assert refused.value.param == "training_file"
