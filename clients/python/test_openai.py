"""The official Python SDK against a running server."""

import concurrent.futures
import json
import urllib.request

import openai
import pytest

QUESTION = [{"role": "user", "content": "Say something."}]


def ask(client, model, **options):
    options = {"temperature": 0, "max_tokens": 12, "extra_body": {"ignore_eos": True}, **options}
    return client.chat.completions.create(model=model, messages=QUESTION, **options)


def text_of(stream):
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def test_models_list_the_base_model_and_the_adapters(client, server):
    ids = {model.id for model in client.models.list()}
    assert server.model in ids
    assert set(server.adapters) <= ids or len(ids) >= 1 + len(server.adapters)


def test_chat_answers_and_counts_its_tokens(client, server):
    answer = ask(client, server.model)
    assert answer.object == "chat.completion"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 12
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 12
    assert answer._request_id.startswith("req_")


def test_streamed_text_equals_the_text_in_one_piece(client, server):
    whole = ask(client, server.model).choices[0].message.content
    assert text_of(ask(client, server.model, stream=True)) == whole


def test_usage_arrives_with_the_last_chunk_when_asked_for(client, server):
    chunks = list(ask(client, server.model, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 12
    assert chunks[-2].choices[0].finish_reason == "length"


def test_adapters_answer_differently_and_by_every_name(client, server):
    base = ask(client, server.model).choices[0].message.content
    adapter = server.adapters[0]
    answer = ask(client, adapter).choices[0].message.content
    assert answer != base
    assert ask(client, f"{server.model}:{adapter}").choices[0].message.content == answer
    mix = {"adapters": [{"id": adapter, "weight": 1}], "ignore_eos": True}
    assert ask(client, server.model, extra_body=mix).choices[0].message.content == answer
    none = {"adapters": [], "ignore_eos": True}
    assert ask(client, adapter, extra_body=none).choices[0].message.content == base


def test_an_empty_model_name_means_the_base_model(client, server):
    assert ask(client, "").choices[0].message.content == ask(client, server.model).choices[0].message.content


def test_adapters_in_one_batch_answer_as_each_alone(client, server):
    models = [server.model, *server.adapters]
    alone = [ask(client, model).choices[0].message.content for model in models]
    with concurrent.futures.ThreadPoolExecutor(len(models)) as pool:
        together = list(pool.map(lambda model: ask(client, model).choices[0].message.content, models))
    assert together == alone


def test_n_gives_n_choices_and_a_seed_repeats_them(client, server):
    options = {"n": 3, "seed": 7, "temperature": 1, "max_tokens": 8}
    first = [choice.message.content for choice in ask(client, server.model, **options).choices]
    again = [choice.message.content for choice in ask(client, server.model, **options).choices]
    assert len(first) == 3
    assert first == again
    assert len(set(first)) > 1


def test_log_probabilities_name_the_chosen_token_first_at_temperature_zero(client, server):
    content = ask(client, server.model, logprobs=True, top_logprobs=3).choices[0].logprobs.content
    assert len(content) == 12
    for token in content:
        assert len(token.top_logprobs) == 3
        assert token.top_logprobs[0].logprob == pytest.approx(token.logprob)
        assert token.logprob <= 0


def test_a_stop_string_ends_the_text_before_it(client, server):
    whole = ask(client, server.model).choices[0].message.content
    stop = whole[3:5]
    stopped = ask(client, server.model, stop=[stop]).choices[0]
    assert stopped.message.content == whole[: whole.index(stop)]
    assert stopped.finish_reason == "stop"


def test_completions_take_text_and_token_ids(client, server):
    common = {"model": server.model, "max_tokens": 5, "temperature": 0, "extra_body": {"ignore_eos": True}}
    answer = client.completions.create(prompt=["Hello", "World"], **common)
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert answer.usage.completion_tokens == 10
    ids = client.completions.create(prompt=[[5, 6, 7]], **common)
    assert ids.usage.prompt_tokens == 3
    streamed = client.completions.create(prompt=[5, 6, 7], stream=True, **common)
    assert "".join(chunk.choices[0].text for chunk in streamed if chunk.choices) == ids.choices[0].text


def test_the_base_path_works_without_v1(server, client):
    with openai.OpenAI(base_url=server.url, api_key=server.key, max_retries=0) as bare:
        assert {model.id for model in bare.models.list()} == {model.id for model in client.models.list()}
        assert ask(bare, server.model).choices[0].message.content == ask(client, server.model).choices[0].message.content


def test_errors_are_the_sdks_own_classes(client, server):
    with pytest.raises(openai.NotFoundError) as missing:
        ask(client, "no-such-model")
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as invalid:
        ask(client, server.model, temperature=9)
    assert invalid.value.param == "temperature"
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="sk-wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as refused:
            ask(stranger, server.model)
    assert refused.value.code == "invalid_api_key"


def lorax(server, path, body):
    request = urllib.request.Request(
        server.url + path,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        return response.read().decode()


def test_lorax_clients_get_the_same_answer_in_each_form(server):
    parameters = {"max_new_tokens": 8, "adapter_id": server.adapters[0], "ignore_eos_token": True}
    body = {"inputs": "Hello", "parameters": parameters}
    text = json.loads(lorax(server, "/generate", body))["generated_text"]
    assert json.loads(lorax(server, "/", body))[0]["generated_text"] == text
    events = [json.loads(line[5:]) for line in lorax(server, "/generate_stream", body).splitlines() if line.startswith("data:")]
    assert events[-1]["generated_text"] == text
