// Flows in which an agent provider vouches for a person, and takes that back.

import {json} from './shared-steps.js';

/** vouched-new, vouched-known, logout and event. */
export function providerFlows(steps) {
  const {relay, registerByEmail, readCode, complete, exchange, write, writeInVain, signIn, vouch, present} = steps;
  const vouchedFor = [
    signIn,
    vouch,
    present('Register with the ID-JAG', 'Somebody new: claimed from the start.'),
    exchange('A claimed registration: the post-claim scopes.'),
  ];
  const signOut = (told, answer) => ({
    title: 'The person signs out at the platform',
    who: 'provider',
    from: 'person',
    to: 'provider',
    says: 'signs out',
    inside: [
      {from: 'provider', to: 'service', kind: 'beside', text: told},
      {from: 'service', to: 'provider', kind: 'beside', text: `${answer}`},
    ],
    expect: [200],
  });
  return [
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
      id: 'logout',
      title: 'The provider’s logout',
      goal: 'The person signs out at the platform. The platform takes back what it said, and access ends at once.',
      needsProvider: true,
      person: fresh => `guest-${fresh}@example.com`,
      steps: [
        ...vouchedFor,
        {
          ...signOut('POST /agent/auth/revoke: logout token', 200),
          send: m => json(`${relay}/signout`, {session: m.session}),
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
        ...vouchedFor,
        {
          ...signOut('POST /agent/event/notify: security event', 202),
          send: m => json(`${relay}/signout`, {session: m.session, by: 'event'}),
          why: 'The provider pushes a signed event to /agent/event/notify, and the service answered 202: it has written it '
            + 'down. What the event says is what a logout says, so it does the same. The event has two spellings in the '
            + 'field; both are known here.',
          source: 'protocol B7; RFC 8417, RFC 8935',
        },
        writeInVain('The registration has ended, as by a logout.'),
      ],
    },
  ];
}
