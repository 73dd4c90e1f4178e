// The flows: what is sent, what has to come back, and why it does.
//
// A step is made by the agent, the person or the provider. `send` makes its request out of what the flow knows so far,
// `expect` is the status, and the error if there is one, that has to come back, and `learn` keeps what is needed later in
// the memory m: registration (its id), assertion, token, claim (the token), session, idJag, code, link, person (the address),
// shown (the link or page that the agent was told to show).
// A step with `act` is the person's own: they do it on the real page, or the console does it for them by `send`. `until` is the
// status by which the registration says that it was done.
//
// The sequence picture (sequence.js) is drawn from the same steps. The agent asks the service unless `from` and `to` name somebody
// else. `says` is said instead of the request's line, `gives` is what a good answer brings; `mails` that the service
// mails a link, `inside` what else happens before the answer, and `after` what happens after it.
// A step of `who: 'time'` moves the demo's clock.

import {challengeParameter, forge} from './wire.js';

const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const CLAIM_GRANT = 'urn:workos:agent-auth:grant-type:claim';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const get = (url, token) => ({method: 'GET', url, headers: bearer(token)});
const post = (url, token) => ({method: 'POST', url, headers: bearer(token)});
const json = (url, body) => ({
  method: 'POST', url, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
});
const form = (url, body) => ({
  method: 'POST', url, headers: {'Content-Type': 'application/x-www-form-urlencoded'},
  body: new URLSearchParams(body).toString(),
});

function bearer(token) {
  return token ? {Authorization: `Bearer ${token}`} : {};
}

/** All flows of a demo: its issuer, the resource, and the sample provider if there is one. */
export function flowsOf({issuer, resource, provider}) {
  const api = `${resource}resource`;
  const identity = `${issuer}/agent/identity`;
  const claim = `${issuer}/agent/identity/claim`;
  const token = `${issuer}/oauth2/token`;
  const relay = `${issuer}/console/provider`;
  const clock = `${issuer}/console/clock`;

  // Steps that several flows share.

  const registerAnonymously = {
    title: 'Register without naming anybody',
    surface: 'identity',
    send: () => json(identity, {type: 'anonymous'}),
    expect: [200],
    learn: (m, a) => keepRegistration(m, a),
    gives: 'assertion, claim token',
    why: 'The agent says nothing about anybody. It gets an identity assertion, which says who it is, and a claim token, by '
      + 'which a person can take the registration over later. Neither of them opens the API.',
    source: 'protocol A3; lifetimes in A2',
  };
  const exchange = (why, scope) => ({
    title: 'Exchange the assertion for an access token',
    surface: 'credential',
    send: m => form(token, {grant_type: JWT_BEARER, assertion: m.assertion, ...(scope ? {scope} : {})}),
    expect: [200],
    learn: (m, a) => { m.token = a.json.access_token; },
    gives: 'access token',
    why,
    source: 'RFC 7523, section 2.1; protocol A5',
  });
  const write = why => ({
    title: 'Write with the token',
    surface: 'api',
    send: m => post(api, m.token),
    expect: [200],
    why,
    source: 'RFC 6750; protocol A10',
  });
  const writeInVain = why => ({
    title: 'Write with the token from before',
    surface: 'api',
    send: m => post(api, m.token),
    expect: [401, 'invalid_token'],
    why,
    source: 'protocol A2',
  });
  const registerByEmail = {
    title: 'Register with the address that the person named',
    surface: 'identity',
    send: m => json(identity, {type: 'identity_assertion', assertion_type: 'verified_email', assertion: m.person}),
    expect: [200],
    learn: (m, a) => keepRegistration(m, a),
    gives: 'claim token',
    mails: true,
    why: 'Anybody can name an address, so naming one gives nothing: no assertion, only a claim token. A link is mailed to '
      + 'the address at once. The answer is the same whether or not somebody here has that address.',
    source: 'protocol A3',
  };
  const registerByHint = {
    title: 'Register with a hint at the person',
    surface: 'identity',
    send: m => json(identity, {type: 'service_auth', login_hint: m.person}),
    expect: [200],
    learn: (m, a) => { keepRegistration(m, a); m.typed = a.json.claim.user_code; },
    gives: 'claim token, code to type',
    mails: true,
    why: 'What 0.2 calls verified_email. The agent only hints at who the person is; the service finds out for itself.',
    source: 'protocol B4',
  };
  const readCode = {
    title: 'Open the link, show the code, read it to the agent',
    who: 'person',
    act: 'code',
    words: 'Now the person. Open the link in the mail, choose “Show the code”, and read the code to the agent.',
    send: m => json(`${claim}/attempt/challenge`, {claim_attempt_token: m.link.split('token=')[1]}),
    expect: [200],
    learn: (m, a) => { m.code = a.json.challenge; },
    says: 'opens the link, asks for the code',
    gives: 'the code',
    after: [{from: 'person', to: 'agent', kind: 'beside', text: 'reads the code out'}],
    why: 'Only who reads mail at that address gets to see the code. Opening the link changes nothing, since mail scanners '
      + 'open links too; the button on the page makes the code.',
    source: 'protocol A4',
  };
  const complete = (why, gives = 'claimed, assertion') => ({
    title: 'Complete the claim with the code',
    surface: 'identity',
    send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: m.code}),
    expect: [200],
    gives,
    learn: (m, a) => { m.assertion = a.json.identity_assertion ?? m.assertion; },
    why,
    source: 'protocol A4, A9',
  });
  const completeAsProduction = why => ({
    title: 'Complete the claim with the code, as user_code',
    surface: 'identity',
    send: m => json(`${claim}/complete`, {claim_token: m.claim, user_code: m.code}),
    expect: [200],
    learn: keepIdentity,
    gives: 'assertion, refresh token',
    why,
    source: 'protocol B5, B6',
  });
  const refresh = (title, why) => ({
    title,
    surface: 'identity',
    send: m => json(identity, {type: 'refresh', refresh_token: m.refresh}),
    expect: [200],
    learn: (m, a) => { m.spent = m.refresh; keepIdentity(m, a); },
    gives: 'both of them, new',
    why,
    source: 'protocol B6',
  });
  const signIn = {
    title: 'The person signs in at the agent’s platform',
    who: 'provider',
    from: 'person',
    to: 'provider',
    says: 'signs in',
    gives: 'session',
    send: m => json(`${relay}/signin`, {user: m.person}),
    expect: [200],
    learn: (m, a) => { m.session = a.json.session; },
    why: `The platform that the agent runs on knows its people. This is the sample provider, ${provider}; the demo `
      + 'passes the console’s requests on to it, since this page may speak to its own origin alone. It has no passwords.',
    source: 'the sample provider’s own',
  };
  const vouch = {
    title: 'The platform vouches for the person, in an ID-JAG',
    who: 'provider',
    to: 'provider',
    gives: 'ID-JAG',
    send: m => json(`${relay}/id-jag`, {session: m.session, audience: issuer}),
    expect: [200],
    learn: (m, a) => { m.idJag = a.json.id_jag; },
    why: 'A short-lived JWT, signed by the provider, meant for this service alone, about one person with a verified '
      + 'address. Decode it to see.',
    source: 'draft-ietf-oauth-identity-assertion-authz-grant; protocol A8',
  };
  const present = (title, why, expect = [200]) => ({
    title,
    gives: expect[0] === 200 ? 'assertion' : undefined,
    mails: expect[1] === 'interaction_required',
    surface: 'identity',
    send: m => json(identity, {type: 'identity_assertion', assertion_type: ID_JAG, assertion: m.idJag}),
    expect,
    learn: (m, a) => keepRegistration(m, a),
    why,
    source: 'protocol A8, A9',
  });

  const pass = (title, seconds, why, source) => ({
    title,
    who: 'time',
    send: () => json(clock, {forward_by: seconds}),
    expect: [200],
    why: `${why} Nobody waits for it here: the demo’s clock goes forward, for all walks, and stays there until the demo is `
      + 'started again.',
    source,
  });
  const ask = (title, why) => ({
    title,
    surface: 'identity',
    send: m => json(claim, {claim_token: m.claim, email: m.person}),
    expect: [200],
    learn: (m, a) => { m.shown = a.json.attempt.verification_uri; },
    mails: true,
    why,
    source: 'protocol A4',
  });

  return [
    {
      id: 'discovery',
      title: 'Find the way in',
      goal: 'An agent knows nothing but the API’s address. A refusal leads it to everything else.',
      steps: [
        {
          title: 'Call the API without a token',
          surface: 'api',
          send: () => get(api),
          expect: [401],
          gives: 'resource_metadata',
          learn: (m, a) => {
            m.metadata = challengeParameter(a.headers.get('www-authenticate'), 'resource_metadata');
          },
          why: 'No token, no answer. But the refusal says where to look: resource_metadata.',
          source: 'RFC 9728, section 5.1; protocol A1, A10',
        },
        {
          title: 'Read what the API says about itself',
          surface: 'discovery',
          send: m => get(m.metadata),
          expect: [200],
          learn: (m, a) => { m.issuer = a.json.authorization_servers[0]; },
          gives: 'authorization_servers',
          why: 'authorization_servers names who hands out tokens. The agent checks that resource is the API which it '
            + 'called: metadata about something else could be bait.',
          source: 'RFC 9728, section 3',
        },
        {
          title: 'Read what the service says about itself',
          surface: 'discovery',
          send: m => get(inserted(m.issuer)),
          expect: [200],
          learn: (m, a) => { m.skill = a.json.agent_auth.skill; m.jwks = a.json.jwks_uri; },
          gives: 'agent_auth, token_endpoint',
          why: 'Both surfaces are here. agent_auth has the identity endpoints, token_endpoint and revocation_endpoint are '
            + 'the credential surface. issuer has to be exactly what the API named.',
          source: 'RFC 8414, section 3; protocol A1',
        },
        {
          title: 'Read the recipe for agents',
          surface: 'discovery',
          send: m => get(m.skill),
          expect: [200],
          gives: 'auth.md',
          why: 'The same, as a procedure in words, made from the same configuration.',
          source: 'protocol A1',
        },
        {
          title: 'Read the service’s keys',
          surface: 'discovery',
          send: m => get(m.jwks),
          expect: [200],
          gives: 'public keys',
          why: 'The public halves of the keys that identity assertions are signed with. A new key is published before it '
            + 'signs, an old one until all that it signed has expired.',
          source: 'RFC 7517; RFC 7638',
        },
      ],
    },
    {
      id: 'anonymous',
      title: 'Anonymous, then claimed',
      goal: 'An agent starts by itself, with little. Later a person takes the registration over, and the token in the '
        + 'agent’s hands may do more, without being exchanged.',
      person: fresh => `anna-${fresh}@example.com`,
      steps: [
        registerAnonymously,
        exchange('The assertion is this service’s own, in time, and of the registration’s epoch. Nobody has claimed the '
          + 'registration, so the token has the pre-claim scopes.'),
        {
          title: 'Read with the token',
          surface: 'api',
          send: m => get(api, m.token),
          expect: [200],
          why: 'api.read is among the pre-claim scopes. The API sees a registration, and nobody behind it.',
          source: 'RFC 6750; protocol A10',
        },
        {
          title: 'Try to write',
          surface: 'api',
          send: m => post(api, m.token),
          expect: [403, 'insufficient_scope'],
          why: 'api.write takes a person behind the registration. The challenge names the scope that is missing.',
          source: 'RFC 6750, section 3.1',
        },
        ask('Ask a person to claim it', 'A link went to that address; see the outbox. Until the person has decided, the token may do what it could '
            + 'before.'),
        readCode,
        complete('The claim token and the right code came together, so the person’s user now owns the registration. There '
          + 'is no new assertion and no new token.', 'claimed'),
        write('The same token as before. What it may do is read off the registration whenever it is used, so it widened '
          + 'the moment the claim was completed.'),
      ],
    },
    {
      id: 'production',
      title: 'Claimed, in the words of production',
      goal: 'The same, as an agent of today says it: other names at the same URLs. Completing then raises the epoch: what '
        + 'the agent held before ends, and it gets something new.',
      person: fresh => `ines-${fresh}@example.com`,
      steps: [
        {...registerAnonymously, why: 'The request is spelled alike in all versions. In the answer stand the names of all '
          + 'of them, side by side: this agent reads id, identity and claim, and ignores the rest.', source: 'protocol B1'},
        exchange('The pre-claim scopes, as before.'),
        {
          title: 'Ask a person to claim it',
          surface: 'identity',
          send: m => json(claim, {type: 'service_auth', claim_token: m.claim, login_hint: m.person}),
          expect: [200],
          why: 'login_hint is what 0.2 calls email. attempt.verification_uri is what the agent can show meanwhile.',
          learn: (m, a) => { m.shown = a.json.attempt.verification_uri; },
          mails: true,
          source: 'protocol B5',
        },
        readCode,
        {
          title: 'Complete the claim with the code, as user_code',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, user_code: m.code}),
          expect: [200],
          learn: (m, a) => { m.old = m.token; m.assertion = a.json.identity.assertion; },
          gives: 'claimed, new assertion',
          why: 'The request’s own spelling decides what happens. By otp, what is in hand widens; by user_code the epoch is '
            + 'raised, and the answer has a new assertion.',
          source: 'protocol B5; what the epoch is in A2',
        },
        {
          title: 'Read with the token from before',
          surface: 'api',
          send: m => get(api, m.old),
          expect: [401, 'invalid_token'],
          why: 'The token is of epoch 0, the registration of epoch 1. Nothing was deleted, and nothing of before works: who '
            + 'stole a token earlier has lost it.',
          source: 'protocol A2',
        },
        exchange('The new assertion carries the new epoch, and a claimed registration has the post-claim scopes.'),
        write('And the agent goes on.'),
      ],
    },
    {
      id: 'email',
      title: 'By e-mail address',
      goal: 'The person has told the agent their address. Nothing is possible until whoever reads that mail says yes.',
      person: fresh => `emma-${fresh}@example.com`,
      steps: [
        registerByEmail,
        readCode,
        complete('The code proves that whoever reads mail at this address agreed. Only now is there an assertion.'),
        exchange('The registration is claimed, so the token has the post-claim scopes.'),
        write('The agent acts for the person who owns that address.'),
      ],
    },
    {
      id: 'typed',
      title: 'The person types the code',
      goal: 'The other way of the yes: not the page shows a code, but the agent, and the person types it on the page. The '
        + 'agent asks at the token endpoint until it is so.',
      person: fresh => `tina-${fresh}@example.com`,
      steps: [
        {...registerByHint, after: [{from: 'agent', to: 'person', kind: 'beside', text: 'shows the code'}],
          why: 'Beside the claim token stands claim.user_code, which the agent shows. It is good for this '
          + 'page alone, and worth nothing to whoever has it without the link.', source: 'protocol B3, B4'},
        {
          title: 'Ask whether the code has been typed',
          surface: 'credential',
          send: m => form(token, {grant_type: CLAIM_GRANT, claim_token: m.claim}),
          expect: [400, 'authorization_pending'],
          why: 'Not yet. The agent asks again after interval seconds; who asks faster is told to slow down.',
          source: 'protocol B3; RFC 8628, section 3.5',
        },
        {
          title: 'Open the link, type the code that the agent shows',
          who: 'person',
          act: 'type',
          until: 'claimed',
          done: 'I have typed it',
          words: m => `Now the person. The agent shows the code ${m.typed}. Open the link, and type it there.`,
          send: m => form(`${claim}/view/type`, {token: m.link.split('token=')[1], user_code: m.typed}),
          expect: [200],
          says: 'opens the link, types the code',
          gives: 'claimed',
          why: 'Whoever reads mail at that address has typed what the agent shows, so it is this agent that they let in. '
            + 'Spaces and hyphens would not matter. That completes the claim.',
          source: 'protocol B3',
        },
        {
          title: 'Ask again',
          surface: 'credential',
          send: m => form(token, {grant_type: CLAIM_GRANT, claim_token: m.claim}),
          expect: [200],
          learn: (m, a) => { m.token = a.json.access_token; m.assertion = a.json.identity_assertion; },
          gives: 'access token, assertion',
          why: 'A token, and the assertion behind it, for ten minutes: an answer that was lost is given again. Had the code '
            + 'been read back instead, there would be nothing to collect, or the claim token alone would be worth a token.',
          source: 'protocol B3',
        },
        write('The agent acts for the person who typed.'),
      ],
    },
    {
      id: 'refresh',
      title: 'Coming back with a refresh token',
      goal: 'An assertion lasts an hour. With a refresh token the agent comes back later without asking the person again, '
        + 'and a stolen one is found out.',
      person: fresh => `remy-${fresh}@example.com`,
      steps: [
        registerByHint,
        readCode,
        completeAsProduction('Production’s own spelling brings production’s own answer: identity holds an assertion, and a '
          + 'refresh token.'),
        exchange('Claimed: the post-claim scopes.'),
        refresh('Refresh', 'A new assertion, and a new refresh token: the old one is spent.'),
        exchange('The new assertion is as good as the first one was.'),
        {
          title: 'Show the spent one again, at once',
          surface: 'identity',
          send: m => json(identity, {type: 'refresh', refresh_token: m.spent}),
          expect: [200],
          learn: keepIdentity,
          gives: 'both of them, new',
          why: 'Agents refresh in parallel, and answers get lost: for two minutes the spent one gives one more. After that '
            + 'it could only be a thief’s, or a thief’s victim’s, and the epoch would be raised.',
          source: 'protocol B6',
        },
        {
          title: 'Give it back',
          surface: 'credential',
          send: m => form(`${issuer}/oauth2/revoke`, {token: m.refresh}),
          expect: [200],
          gives: 'epoch raised',
          why: 'Whichever of its family is shown: the epoch is raised, and everything that was issued has ended. The '
            + 'registration is still the person’s.',
          source: 'RFC 7009, section 2.1; protocol B6',
        },
        writeInVain('It is of an epoch that is over.'),
      ],
    },
    {
      id: 'stolen',
      title: 'A stolen refresh token',
      goal: 'Somebody copied the agent’s refresh token. Whoever of the two refreshes second gives both away, and all that was '
        + 'issued ends by one counter: the epoch.',
      needsClock: true,
      person: fresh => `rosa-${fresh}@example.com`,
      steps: [
        registerByHint,
        readCode,
        completeAsProduction('The agent keeps both. Somebody else has read them along with it.'),
        exchange('Claimed: the post-claim scopes.'),
        write('Nothing is wrong yet, as far as anybody can see.'),
        refresh('Refresh: the agent, or the thief',
          'Whoever comes first gets the successor. The service cannot know which of them it was.'),
        pass('Three minutes pass', 180, 'A spent refresh token gives one more for two minutes, since answers get lost. That time '
          + 'is over.', 'protocol B6'),
        {
          title: 'Refresh: the other one, with the spent token',
          surface: 'identity',
          send: m => json(identity, {type: 'refresh', refresh_token: m.spent}),
          expect: [401, 'invalid_refresh_token'],
          why: 'It was spent long ago, so two hold the same token, and one of them stole it. Both lose everything: the epoch is '
            + 'raised. The registration is still the person’s.',
          source: 'protocol B6',
        },
        writeInVain('The token is of epoch 0, the registration of epoch 1.'),
        {
          title: 'Refresh with the newest',
          surface: 'identity',
          send: m => json(identity, {type: 'refresh', refresh_token: m.refresh}),
          expect: [401, 'invalid_refresh_token'],
          why: 'Its family was of the epoch that is over. Whoever is the agent asks the person again; the thief has nothing to '
            + 'ask with.',
          source: 'protocol B6',
        },
      ],
    },
    {
      id: 'vouched-new',
      title: 'Vouched for: somebody new',
      goal: 'The platform that the agent runs on is trusted here and vouches for the person, who has no account yet. '
        + 'Nobody has to do anything.',
      needsProvider: true,
      person: fresh => `guest-${fresh}@example.com`,
      steps: [
        signIn,
        vouch,
        present('Register with the ID-JAG',
          'Issuer trusted, signature good, meant for us, in time, never seen before. Nobody here has that address, so a '
            + 'user is made and bound to this provider’s person. The registration is claimed from the start.'),
        exchange('A claimed registration: the post-claim scopes.'),
        write('The API sees whom the agent acts for.'),
        vouch,
        present('Present the fresh one',
          'The same provider, the same person: the same registration. There is at most one live one for each.'),
      ],
    },
    {
      id: 'vouched-known',
      title: 'Vouched for: somebody known',
      goal: 'The person has an account here already. A provider’s word alone must not open it, or every trusted provider '
        + 'could take over every account. So the person confirms, once.',
      needsProvider: true,
      person: fresh => `guest-${fresh}@example.com`,
      steps: [
        {...registerByEmail, title: 'Beforehand: the person gets an account here, by another agent'},
        readCode,
        complete('From here on, somebody here has proved to own that address.'),
        signIn,
        vouch,
        present('Register with the ID-JAG',
          'The ID-JAG is good, and the address is that of a user whom this provider has never been linked to. So: step-up. '
            + 'The link goes to the address on file, and there is no assertion.', [401, 'interaction_required']),
        readCode,
        complete('The owner of the account agreed. This provider’s person and our user are linked from now on.'),
        exchange('Claimed: the post-claim scopes.'),
        write('The agent acts for the person whose account it is.'),
        vouch,
        present('Present a fresh ID-JAG', 'The link holds: nothing is asked, and it is the same registration.'),
      ],
    },
    {
      id: 'revoke',
      title: 'Revoke a token',
      goal: 'The agent gives a token back, or fears that it leaked. The registration lives on.',
      steps: [
        registerAnonymously,
        exchange('The pre-claim scopes, as before any claim.'),
        {
          title: 'Revoke the token',
          surface: 'credential',
          send: m => form(`${issuer}/oauth2/revoke`, {token: m.token}),
          expect: [200],
          why: 'From this answer on, no replica accepts the token. The answer is the same for a token that never was, so it '
            + 'tells nothing about tokens.',
          source: 'RFC 7009, section 2.2; protocol A6',
        },
        {
          title: 'Read with the revoked token',
          surface: 'api',
          send: m => get(api, m.token),
          expect: [401, 'invalid_token'],
          why: 'Unknown, expired and revoked tokens are answered alike. The challenge again says where to begin.',
          source: 'RFC 6750, section 3.1',
        },
        exchange('The assertion is another thing: it says who the agent is, and that has not changed. Exchanging it again '
          + 'is the refresh of 0.2.'),
      ],
    },
    {
      id: 'logout',
      title: 'The provider’s logout',
      goal: 'The person signs out at the platform. The platform takes back what it said, and access ends at once.',
      needsProvider: true,
      person: fresh => `guest-${fresh}@example.com`,
      steps: [
        signIn,
        vouch,
        present('Register with the ID-JAG', 'Somebody new: claimed from the start.'),
        exchange('A claimed registration: the post-claim scopes.'),
        {
          title: 'The person signs out at the platform',
          who: 'provider',
          from: 'person',
          to: 'provider',
          says: 'signs out',
          inside: [
            {from: 'provider', to: 'service', kind: 'beside', text: 'POST /agent/auth/revoke: logout token'},
            {from: 'service', to: 'provider', kind: 'beside', text: '200'},
          ],
          send: m => json(`${relay}/signout`, {session: m.session}),
          expect: [200],
          why: 'The provider sends a logout token to /agent/auth/revoke of every service that it vouched to; the service '
            + 'answered 200. All ID-JAGs about the person are older than the logout, so the registration is revoked. Had a '
            + 'newer one been presented, it would live on with its epoch raised.',
          source: 'protocol A7; OpenID Connect Back-Channel Logout 1.0',
        },
        writeInVain('Nobody deleted the token. It points at a registration that has ended.'),
        {
          ...exchange('The same for the assertion. The agent has to register anew, and the person, who has an account by '
            + 'now, will be asked.'),
          expect: [400, 'invalid_grant'],
          gives: undefined,
          learn: () => {},
        },
      ],
    },
    {
      id: 'event',
      title: 'The provider’s security event',
      goal: 'The same, as providers say it since 0.3: a security event, pushed to the service.',
      needsProvider: true,
      person: fresh => `guest-${fresh}@example.com`,
      steps: [
        signIn,
        vouch,
        present('Register with the ID-JAG', 'Somebody new: claimed from the start.'),
        exchange('A claimed registration: the post-claim scopes.'),
        {
          title: 'The person signs out at the platform',
          who: 'provider',
          from: 'person',
          to: 'provider',
          says: 'signs out',
          inside: [
            {from: 'provider', to: 'service', kind: 'beside', text: 'POST /agent/event/notify: security event'},
            {from: 'service', to: 'provider', kind: 'beside', text: '202'},
          ],
          send: m => json(`${relay}/signout`, {session: m.session, by: 'event'}),
          expect: [200],
          why: 'The provider pushes a signed event to /agent/event/notify, and the service answered 202: it has written it '
            + 'down. What the event says is what a logout says, so it does the same. The event has two spellings in the '
            + 'field; both are known here.',
          source: 'protocol B7; RFC 8417, RFC 8935',
        },
        writeInVain('The registration has ended, as by a logout.'),
      ],
    },
    {
      id: 'no',
      title: 'The person says no',
      goal: 'Somebody gets a mail about an agent that they never asked for.',
      person: fresh => `nora-${fresh}@example.com`,
      steps: [
        registerByEmail,
        {
          title: 'Say: this wasn’t me',
          who: 'person',
          act: 'reject',
          until: 'revoked',
          words: 'Now the person. Open the link in the mail and choose “This wasn’t me”.',
          send: m => json(`${claim}/attempt/reject`, {claim_attempt_token: m.link.split('token=')[1]}),
          expect: [200],
          says: 'opens the link, says no',
          gives: 'rejected',
          why: 'One press ends it. A registration by e-mail is about nobody else, so it is revoked; an anonymous one would '
            + 'go on unclaimed, and this address would not be mailed for it again.',
          source: 'protocol A4',
        },
        {
          title: 'Try to complete all the same',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: '000000'}),
          expect: [403, 'claim_rejected'],
          why: 'The agent learns that a person said no, and has to stop asking.',
          source: 'protocol A4',
        },
      ],
    },
    {
      id: 'late',
      title: 'Nobody answers in time',
      goal: 'A person is asked, and does not answer; is asked again, and the day is over. A link lapses first, and the '
        + 'registration later.',
      needsClock: true,
      person: fresh => `lena-${fresh}@example.com`,
      steps: [
        registerAnonymously,
        exchange('The pre-claim scopes. A token ends with the claim at the latest, while nobody owns the registration.'),
        ask('Ask a person to claim it', 'The link is good for ten minutes.'),
        readCode,
        pass('Twenty minutes pass', 1200, 'The link has lapsed, and so has the code.', 'lifetimes in protocol A2'),
        {
          title: 'Complete with the code, too late',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: m.code}),
          expect: [410, 'otp_expired'],
          why: 'Nobody is being asked any more: the registration is unclaimed again, and works as it did before.',
          source: 'protocol A4',
        },
        ask('Ask once more', 'A fresh link. The old one and its code are dead for good.'),
        pass('A day passes', 86400, 'What nobody claims within a day of registering has expired, whether or not somebody is being '
          + 'asked.', 'lifetimes in protocol A2'),
        {
          title: 'Read with the token',
          surface: 'api',
          send: m => get(api, m.token),
          expect: [401, 'invalid_token'],
          why: 'The registration has expired, and all that was issued for it.',
          source: 'protocol A2',
        },
        {
          ...exchange('The assertion has ended with its registration.'),
          expect: [400, 'invalid_grant'],
          gives: undefined,
          learn: () => {},
        },
        {
          title: 'Ask again, a day late',
          surface: 'identity',
          send: m => json(claim, {claim_token: m.claim, email: m.person}),
          expect: [410, 'claim_expired'],
          why: 'For one more day the agent is told why. Then the registration is purged, and its claim token is as unknown '
            + 'as any other.',
          source: 'protocol A2, A4',
        },
      ],
    },
    {
      id: 'mistakes',
      title: 'Mistakes',
      goal: 'What goes wrong, by accident or on purpose, and what the service says to it.',
      person: fresh => `mia-${fresh}@example.com`,
      steps: [
        registerAnonymously,
        {
          title: 'Exchange a forged assertion',
          surface: 'credential',
          send: m => form(token, {grant_type: JWT_BEARER, assertion: forge(m.assertion, 'reg_somebody_else')}),
          expect: [400, 'invalid_grant'],
          why: 'One claim was changed (decode it: sub), so the signature does not fit. An expired assertion, or one of '
            + 'another epoch, gets the same answer: a forger learns nothing.',
          source: 'RFC 6749, section 5.2; protocol A5',
        },
        {
          title: 'Ask for more than there is',
          surface: 'credential',
          send: m => form(token, {grant_type: JWT_BEARER, assertion: m.assertion, scope: 'api.write'}),
          expect: [400, 'invalid_scope'],
          why: 'Before the claim there is no api.write to grant.',
          source: 'RFC 6749, section 5.2',
        },
        {
          title: 'Send something that is not JSON',
          surface: 'identity',
          send: () => ({method: 'POST', url: identity, headers: {'Content-Type': 'text/plain'}, body: 'hello'}),
          expect: [415, 'invalid_request'],
          why: 'Requests are read strictly, so that no other site’s form can send them.',
          source: 'RFC 9110, section 15.5.16',
        },
        ask('Ask a person to claim it', 'The link is out.'),
        {
          title: 'Guess before any code was shown',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: '000000'}),
          expect: [400, 'otp_not_generated'],
          why: 'There is no code until the person presses the button, so there is nothing to guess.',
          source: 'protocol A4',
        },
        readCode,
        {
          title: 'Send a wrong code',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: m.code === '000000' ? '000001' : '000000'}),
          expect: [401, 'otp_invalid'],
          why: 'Five wrong codes void the code, twenty end the claim. Guesses are counted in the registration itself, so '
            + 'sending many at once does not help.',
          source: 'protocol A4',
        },
        complete('The right code is still good.', 'claimed'),
        {
          title: 'Complete again',
          surface: 'identity',
          send: m => json(`${claim}/complete`, {claim_token: m.claim, otp: m.code}),
          expect: [409, 'previously_claimed'],
          why: 'Of any number of right completions, exactly one is answered 200.',
          source: 'protocol A4',
        },
        {...signIn, needsProvider: true, person: fresh => `guest-${fresh}@example.com`},
        {...vouch, needsProvider: true},
        {...present('Present an ID-JAG', 'It is good, once.'), needsProvider: true},
        {
          ...present('Present it again', 'Its jti is on record: whoever copied it on the way gains nothing.',
            [400, 'replay_detected']),
          needsProvider: true,
        },
      ],
    },
  ];
}

/**
 * A memory with something of everything, to draw a flow that nobody has walked: what requests are made of, and nothing
 * that opens anything.
 */
export function sampleMemory({issuer, resource}) {
  return {
    person: 'person@example.com', fresh: 'sample', registration: 'reg_sample', assertion: 'e30.e30.sample', idJag: 'e30.e30.sample',
    token: 'at_sample', old: 'at_sample', claim: 'clm_sample', refresh: 'rt_sample', spent: 'rt_sample', session: 'ses_sample',
    code: '246810', typed: '246810', link: `${issuer}/agent/identity/claim/view?token=cvt_sample`,
    metadata: inserted(resource, 'oauth-protected-resource'), issuer, skill: `${issuer}/auth.md`,
    jwks: `${issuer}/.well-known/jwks.json`,
  };
}

/** A new registration comes with an assertion or a claim token of its own, and without a token. */
function keepRegistration(m, {json}) {
  const {registration_id: id, identity_assertion: assertion, claim_token: claim} = json;
  m.shown = json.claim?.attempt?.verification_uri ?? m.shown;
  if (id && id !== m.registration) {
    m.registration = id;
    delete m.token;
  }
  if (id) {
    m.assertion = assertion;
    m.claim = claim;
  }
}

/** Production’s members. */
function keepIdentity(m, {json: {identity}}) {
  m.assertion = identity.assertion;
  m.refresh = identity.refresh_token?.value;
}

/** The location of the metadata between host and path (RFC 8414, section 3.1). */
function inserted(issuer, name = 'oauth-authorization-server') {
  const url = new URL(issuer);
  return `${url.origin}/.well-known/${name}${url.pathname === '/' ? '' : url.pathname}`;
}
