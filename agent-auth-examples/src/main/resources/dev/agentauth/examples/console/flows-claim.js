// Flows in which a person is asked to claim a registration, says yes in one of the ways there are, says no, or says nothing.

import {CLAIM_GRANT, form, get, json, post} from './shared-steps.js';

/** anonymous, production, email, typed, no and late. */
export function claimFlows(steps) {
  const {
    api, claim, token, registerAnonymously, registerByEmail, registerByHint, ask, readCode, complete, completeAsProduction, exchange, write,
    pass,
  } = steps;
  return [
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
          ...completeAsProduction('The request’s own spelling decides what happens. By otp, what is in hand widens; by user_code '
            + 'the epoch is raised, and the answer has a new assertion.'),
          learn: (m, a) => { m.old = m.token; m.assertion = a.json.identity.assertion; },
          gives: 'claimed, new assertion',
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
  ];
}
