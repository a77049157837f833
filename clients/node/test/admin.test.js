// The official Node SDK administers the server that `clients/check` names in the environment.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import OpenAI from 'openai';

const { FACTORY_URL, FACTORY_KEY, FACTORY_MODEL } = process.env;
const options = { baseURL: `${FACTORY_URL}/v1`, maxRetries: 0, timeout: 120_000 };
const { organization } = new OpenAI({ ...options, apiKey: null, adminAPIKey: FACTORY_KEY }).admin;
const { projects } = organization;

const unique = (name) => `${name}-${randomUUID().slice(0, 8)}`;
const newProject = () => projects.create({ name: unique('node') });
const holder = (apiKey) => new OpenAI({ ...options, apiKey });

const all = async (pages) => {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
};
const ids = async (pages) => (await all(pages)).map((item) => item.id);

/** Invites a person, who accepts; the person's id. */
const newPerson = async (project, role) => {
  const email = `${unique('ada')}@example.org`;
  const invite = await organization.invites.create({ email, role: 'reader', projects: [{ id: project.id, role }] });
  assert.equal(invite.status, 'pending');
  const token = new URL(invite.accept_url, FACTORY_URL).searchParams.get('token');
  const accepted = await fetch(`${FACTORY_URL}/auth/accept`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, name: 'Ada', password: randomUUID() }),
  });
  assert.ok(accepted.ok, await accepted.text());
  assert.equal((await organization.invites.retrieve(invite.id)).status, 'accepted');
  const [person] = await all(organization.users.list({ emails: [email] }));
  return person.id;
};

test('a project is created, renamed, listed and archived', async () => {
  const { id } = await newProject();
  await projects.update(id, { name: 'renamed' });
  assert.equal((await projects.retrieve(id)).name, 'renamed');
  assert.ok((await ids(projects.list())).includes(id));
  assert.equal((await projects.archive(id)).status, 'archived');
  assert.ok(!(await ids(projects.list())).includes(id));
  assert.ok((await ids(projects.list({ include_archived: true }))).includes(id));
});

test('people are invited, join a project, change their role and leave', async () => {
  const project = await newProject();
  const person = await newPerson(project, 'member');
  assert.deepEqual(await ids(projects.users.list(project.id)), [person]);
  await projects.users.update(person, { project_id: project.id, role: 'owner' });
  assert.equal((await projects.users.retrieve(person, { project_id: project.id })).role, 'owner');
  await assert.rejects(projects.users.delete(person, { project_id: project.id }), OpenAI.ConflictError);

  const heir = await newPerson(project, 'owner');
  assert.ok((await projects.users.delete(person, { project_id: project.id })).deleted);
  await projects.users.create(project.id, { user_id: person, role: 'member' });
  for (const owner of [heir, person]) {
    assert.equal((await organization.users.update(owner, { role: 'owner' })).role, 'owner');
  }
  assert.ok((await organization.users.delete(person)).deleted);
  await assert.rejects(organization.users.retrieve(person), OpenAI.NotFoundError);
  assert.deepEqual(await ids(projects.users.list(project.id)), [heir]);
});

test('an invitation can be taken back', async () => {
  const invite = await organization.invites.create({ email: `${unique('eve')}@example.org`, role: 'reader' });
  assert.ok((await ids(organization.invites.list())).includes(invite.id));
  assert.ok((await organization.invites.delete(invite.id)).deleted);
  assert.ok(!(await ids(organization.invites.list())).includes(invite.id));
});

test('a service account chats with its key, and usage and audit say so', async () => {
  const project = await newProject();
  const account = await projects.serviceAccounts.create(project.id, { name: 'crawler' });
  const chat = await holder(account.api_key.value).chat.completions.create({
    model: FACTORY_MODEL,
    messages: [{ role: 'user', content: 'Say something.' }],
    max_tokens: 5,
  });
  assert.deepEqual(await ids(projects.serviceAccounts.list(project.id)), [account.id]);

  const start_time = Math.floor(Date.now() / 1000) - 3600;
  const usage = await organization.usage.completions({ start_time, project_ids: [project.id], bucket_width: '1d' });
  const [used, ...others] = usage.data.flatMap((bucket) => bucket.results);
  assert.deepEqual(others, []);
  assert.equal(used.num_model_requests, 1);
  assert.equal(used.input_tokens, chat.usage.prompt_tokens);
  assert.equal(used.output_tokens, chat.usage.completion_tokens);
  assert.equal((await organization.usage.costs({ start_time, project_ids: [project.id] })).object, 'page');
  assert.equal((await organization.usage.embeddings({ start_time })).object, 'page');

  const audited = await all(organization.auditLogs.list({ project_ids: [project.id] }));
  assert.deepEqual(
    audited.map((entry) => entry.type).sort(),
    ['api_key.created', 'project.created', 'service_account.created'],
  );
  const generated = await all(
    organization.auditLogs.list({ project_ids: [project.id], event_types: ['model.request'] }),
  );
  assert.equal(generated.length, 1);
});

test('the key of a deleted service account is wrong', async () => {
  const project = await newProject();
  const account = await projects.serviceAccounts.create(project.id, { name: 'crawler' });
  const [key] = await all(projects.apiKeys.list(project.id));
  assert.equal(key.id, account.api_key.id);
  assert.equal(key.owner.service_account.id, account.id);
  assert.notEqual(key.redacted_value, account.api_key.value);
  assert.equal((await projects.apiKeys.retrieve(key.id, { project_id: project.id })).id, key.id);
  await assert.rejects(projects.apiKeys.delete(key.id, { project_id: project.id }), OpenAI.BadRequestError);

  assert.ok((await projects.serviceAccounts.delete(account.id, { project_id: project.id })).deleted);
  await assert.rejects(holder(account.api_key.value).models.list(), OpenAI.AuthenticationError);
});

test('rate limits are listed by model and hold', async () => {
  const project = await newProject();
  const [limit] = (await all(projects.rateLimits.listRateLimits(project.id))).filter(
    (entry) => entry.model === FACTORY_MODEL,
  );
  const changed = await projects.rateLimits.updateRateLimit(limit.id, {
    project_id: project.id,
    max_requests_per_1_minute: 1,
  });
  assert.equal(changed.max_requests_per_1_minute, 1);

  const { api_key } = await projects.serviceAccounts.create(project.id, { name: 'crawler' });
  const ask = () =>
    holder(api_key.value).chat.completions.create({
      model: FACTORY_MODEL,
      messages: [{ role: 'user', content: 'Say something.' }],
      max_tokens: 2,
    });
  await ask();
  await assert.rejects(ask(), OpenAI.RateLimitError);
});

test('groups and roles are listed and changed', async () => {
  const group = await organization.groups.create({ name: unique('nurses') });
  const name = unique('doctors');
  assert.equal((await organization.groups.update(group.id, { name })).name, name);
  assert.ok((await ids(organization.groups.list())).includes(group.id));
  assert.ok((await organization.groups.delete(group.id)).deleted);
  const roles = (await all(organization.roles.list())).map((role) => role.name);
  assert.ok(roles.includes('owner') && roles.includes('reader'));
});

test('an administrator\'s key works until it is deleted', async () => {
  const created = await organization.adminAPIKeys.create({ name: unique('automation') });
  const other = new OpenAI({ ...options, apiKey: null, adminAPIKey: created.value }).admin.organization;
  assert.ok((await ids(other.projects.list())).length > 0);
  assert.equal((await organization.adminAPIKeys.retrieve(created.id)).value, undefined);
  assert.ok((await ids(organization.adminAPIKeys.list())).includes(created.id));
  assert.ok((await organization.adminAPIKeys.delete(created.id)).deleted);
  await assert.rejects(all(other.projects.list()), OpenAI.AuthenticationError);
});

test('a member does not administer', async () => {
  const project = await newProject();
  const { api_key } = await projects.serviceAccounts.create(project.id, { name: 'crawler' });
  const crawler = new OpenAI({ ...options, apiKey: null, adminAPIKey: api_key.value }).admin.organization;
  await assert.rejects(crawler.users.list(), OpenAI.PermissionDeniedError);
  await assert.rejects(crawler.projects.retrieve('proj_default'), OpenAI.NotFoundError);
});

test('a chat is stored, listed, changed and deleted', async () => {
  const project = await newProject();
  const { api_key } = await projects.serviceAccounts.create(project.id, { name: 'crawler' });
  const chats = holder(api_key.value).chat.completions;
  const { id } = await chats.create({
    model: FACTORY_MODEL,
    messages: [{ role: 'user', content: 'Say something.' }],
    max_tokens: 5,
    store: true,
  });
  assert.deepEqual(await ids(chats.list()), [id]);
  assert.deepEqual((await chats.update(id, { metadata: { topic: 'weather' } })).metadata, { topic: 'weather' });
  assert.deepEqual(await ids(chats.list({ metadata: { topic: 'weather' } })), [id]);
  const [message] = await all(chats.messages.list(id));
  assert.equal(message.content, 'Say something.');
  assert.ok((await chats.delete(id)).deleted);
  await assert.rejects(chats.retrieve(id), OpenAI.NotFoundError);
});
