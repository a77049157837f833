// An OpenID provider on a free loopback port, which it prints. Its people are those of a JSON object in the argument:
// {"<login>": {"email": …, "email_verified": …, "name": …, "groups": […]}}. Its own pages ask for a login, any password, and
// consent. The client "llm-factory" must use PKCE; its redirect URI is the second argument, its secret the third.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [people, redirectUri, secret] = [JSON.parse(process.argv[2]), process.argv[3], process.argv[4]];

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'llm-factory',
        client_secret: secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    findAccount: (context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people[id] }),
    }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['only for tests'] },
  });
  server.on('request', provider.callback());
  console.log(`listening ${server.address().port}`);
});

// The test closes our input when it is done, or when it dies.
process.stdin.on('end', () => process.exit(0)).resume();
