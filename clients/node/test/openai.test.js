// The official Node SDK against the server that `clients/check` names in the environment.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const { FACTORY_URL, FACTORY_KEY, FACTORY_MODEL, FACTORY_ADAPTERS } = process.env;
const adapter = FACTORY_ADAPTERS.split(',')[0];
const client = new OpenAI({ baseURL: `${FACTORY_URL}/v1`, apiKey: FACTORY_KEY, maxRetries: 0, timeout: 120_000 });

const ask = (options = {}) =>
  client.chat.completions.create({
    model: FACTORY_MODEL,
    messages: [{ role: 'user', content: 'Say something.' }],
    temperature: 0,
    max_tokens: 12,
    ignore_eos: true,
    ...options,
  });

test('models list the base model', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes(FACTORY_MODEL));
});

test('a chat answers, counts its tokens and carries a request id', async () => {
  const answer = await ask();
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 12);
  assert.match(answer._request_id, /^req_/);
});

test('a stream gives the same text, and its usage last', async () => {
  const whole = (await ask()).choices[0].message.content;
  let text = '';
  let last;
  for await (const chunk of await ask({ stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta.content ?? '';
    last = chunk;
  }
  assert.equal(text, whole);
  assert.equal(last.usage.completion_tokens, 12);
});

test('an adapter answers differently from its base', async () => {
  const [base, adapted] = await Promise.all([ask(), ask({ model: adapter })]);
  assert.notEqual(adapted.choices[0].message.content, base.choices[0].message.content);
});

test('a stream that is given up leaves the server well', async () => {
  const stream = await ask({ stream: true, max_tokens: 64 });
  for await (const _ of stream) break;
  assert.equal((await ask()).usage.completion_tokens, 12);
});

test('errors are of the SDK\'s own classes', async () => {
  await assert.rejects(ask({ model: 'no-such-model' }), OpenAI.NotFoundError);
  await assert.rejects(ask({ top_p: 'high' }), OpenAI.BadRequestError);
  const stranger = new OpenAI({ baseURL: `${FACTORY_URL}/v1`, apiKey: 'sk-wrong', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});
