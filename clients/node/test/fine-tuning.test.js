// The official Node SDK brings a file, trains an adapter on the server that `clients/check` names, and asks it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';

const { FACTORY_URL, FACTORY_KEY, FACTORY_MODEL } = process.env;
const client = new OpenAI({ baseURL: `${FACTORY_URL}/v1`, apiKey: FACTORY_KEY, maxRetries: 0, timeout: 120_000 });
const { jobs } = client.fineTuning;
const question = { role: 'user', content: 'Say something.' };
const deadline = 60_000;

const conversations = (number) =>
  `${JSON.stringify({ messages: [question, { role: 'assistant', content: 'Moo.' }] })}\n`.repeat(number);
const all = async (pages) => {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
};
const ask = async (model) =>
  (await client.chat.completions.create({ model, messages: [question], temperature: 0, max_tokens: 8 })).choices[0]
    .message.content;

/** The ended job, and what was told of it. */
const follow = async (id) => {
  const events = new Map();
  for (const end = Date.now() + deadline; Date.now() < end; await pause(100)) {
    const now = await jobs.retrieve(id);
    for (const event of await all(jobs.listEvents(id, { limit: 50 }))) events.set(event.id, event);
    if (['succeeded', 'failed', 'cancelled'].includes(now.status)) return [now, [...events.values()]];
  }
  return assert.fail(`${id} has not ended`);
};

test('a model is trained from a file and asked', async () => {
  const file = await client.files.create({
    file: await toFile(Buffer.from(conversations(10)), 'cow.jsonl'),
    purpose: 'fine-tune',
  });
  assert.equal(await (await client.files.content(file.id)).text(), conversations(10));
  const job = await jobs.create({
    model: FACTORY_MODEL,
    training_file: file.id,
    suffix: 'cow',
    seed: 7,
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 4, batch_size: 1 } } },
    llm_factory: { evaluations: 4, learning_rate: 0.02 },
  });
  const [done, events] = await follow(job.id);

  assert.equal(done.status, 'succeeded', JSON.stringify(done.error));
  assert.ok(events.some((event) => event.message === 'The job has successfully completed'));
  assert.equal(events.filter((event) => event.type === 'metrics').length, 40);
  const checkpoints = await all(jobs.checkpoints.list(job.id, { limit: 3 }));
  assert.deepEqual(checkpoints.map((checkpoint) => checkpoint.step_number), [40, 30, 20, 10]);
  const answer = await ask(done.fine_tuned_model);
  assert.notEqual(answer, await ask(FACTORY_MODEL));
  assert.equal(await ask(checkpoints[0].fine_tuned_model_checkpoint), answer);

  assert.ok((await client.models.delete(done.fine_tuned_model)).deleted);
  assert.ok((await client.files.delete(file.id)).deleted);
  await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
});

test('an order without its file is refused', async () => {
  await assert.rejects(
    jobs.create({ model: FACTORY_MODEL, training_file: 'file-none' }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'training_file',
  );
});
