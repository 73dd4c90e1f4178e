// Flows about what was issued: how it is renewed, given back, and found to be stolen.

import {form, get, json, keepIdentity} from './shared-steps.js';

/** refresh, stolen and revoke. */
export function tokenFlows(steps) {
  const {
    issuer, api, identity, registerAnonymously, registerByHint, readCode, completeAsProduction, exchange, write, writeInVain, refresh, pass,
  } = steps;
  const refreshInVain = (title, shown, why) => ({
    title,
    surface: 'identity',
    send: m => json(identity, {type: 'refresh', refresh_token: shown(m)}),
    expect: [401, 'invalid_refresh_token'],
    why,
    source: 'protocol B6',
  });
  return [
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
        refreshInVain('Refresh: the other one, with the spent token', m => m.spent,
          'It was spent long ago, so two hold the same token, and one of them stole it. Both lose everything: the epoch is '
            + 'raised. The registration is still the person’s.'),
        writeInVain('The token is of epoch 0, the registration of epoch 1.'),
        refreshInVain('Refresh with the newest', m => m.refresh,
          'Its family was of the epoch that is over. Whoever is the agent asks the person again; the thief has nothing to '
            + 'ask with.'),
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
  ];
}
