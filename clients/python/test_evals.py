"""Evaluations: the official client makes one, runs it, reads what came of it, and deletes it."""

import time

import openai
import pytest

DEADLINE = 60
CUSTOM = {"type": "custom", "item_schema": {"type": "object", "properties": {"answer": {"type": "string"}}}}
EXACT = {
    "type": "string_check",
    "name": "exact",
    "input": "{{sample.output_text}}",
    "operation": "eq",
    "reference": "{{item.answer}}",
}


@pytest.fixture
def evaluation(client):
    made = client.evals.create(name="clients", data_source_config=CUSTOM, testing_criteria=[EXACT])
    yield made
    try:
        client.evals.delete(made.id)
    except openai.NotFoundError:
        pass


def awaited(client, run, evaluation):
    deadline = time.monotonic() + DEADLINE
    while run.status in ("queued", "in_progress"):
        assert time.monotonic() < deadline, run.status
        time.sleep(0.1)
        run = client.evals.runs.retrieve(run.id, eval_id=evaluation.id)
    return run


def test_answers_of_a_model_are_graded(client, server, evaluation):
    question = {"role": "user", "content": "{{item.question}}"}
    said = client.chat.completions.create(
        model=server.model, messages=[{"role": "user", "content": "hi"}], temperature=0, max_completion_tokens=4
    )
    rows = [
        {"item": {"question": "hi", "answer": said.choices[0].message.content}},
        {"item": {"question": "hi", "answer": "something else altogether"}},
    ]
    run = client.evals.runs.create(
        evaluation.id,
        name="two rows",
        data_source={
            "type": "completions",
            "model": server.model,
            "source": {"type": "file_content", "content": rows},
            "input_messages": {"type": "template", "template": [question]},
            "sampling_params": {"temperature": 0, "max_completion_tokens": 4},
        },
    )

    ended = awaited(client, run, evaluation)

    assert ended.status == "completed", ended.error
    assert (ended.result_counts.total, ended.result_counts.passed, ended.result_counts.failed) == (2, 1, 1)
    assert ended.per_testing_criteria_results[0].testing_criteria == "exact"
    assert ended.per_model_usage[0].invocation_count == 2
    items = list(client.evals.runs.output_items.list(run.id, eval_id=evaluation.id))
    assert [item.status for item in items] == ["pass", "fail"]
    assert items[0].sample.output[0].content == rows[0]["item"]["answer"]
    assert [each.id for each in client.evals.runs.list(evaluation.id)] == [run.id]


def test_an_evaluation_is_renamed_listed_and_deleted(client, evaluation):
    renamed = client.evals.update(evaluation.id, name="renamed")

    assert renamed.name == "renamed"
    assert evaluation.id in [each.id for each in client.evals.list()]
    assert client.evals.delete(evaluation.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.evals.retrieve(evaluation.id)


def test_a_criterion_that_cannot_be_is_refused(client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.evals.create(
            name="bad", data_source_config=CUSTOM, testing_criteria=[{**EXACT, "operation": "resembles"}]
        )
    assert refused.value.param == "testing_criteria[0].operation"


def test_a_criterion_is_tried_on_one_answer(client):
    tried = client.fine_tuning.alpha.graders.run(grader=EXACT, item={"answer": "yes"}, model_sample="yes")

    assert tried.reward == 1
    assert not tried.metadata.errors.other_error
