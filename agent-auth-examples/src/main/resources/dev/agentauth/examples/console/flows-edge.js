// The flow before all others, and the one about what goes wrong.

import {form, get, inserted, json, JWT_BEARER} from './shared-steps.js';
import {forge} from './tokens.js';
import {challengeParameter} from './wire.js';

/** discovery and mistakes. */
export function edgeFlows(steps) {
  const {api, identity, claim, token, registerAnonymously, readCode, complete, ask, signIn, vouch, present} = steps;
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
