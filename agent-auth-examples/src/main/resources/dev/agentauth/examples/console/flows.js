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

import {claimFlows} from './flows-claim.js';
import {edgeFlows} from './flows-edge.js';
import {providerFlows} from './flows-provider.js';
import {tokenFlows} from './flows-token.js';
import {inserted, sharedSteps} from './shared-steps.js';

/** All flows of a demo: its issuer, the resource, and the sample provider if there is one. */
export function flowsOf(demo) {
  const shared = sharedSteps(demo);
  const [discovery, mistakes] = edgeFlows(shared);
  const [anonymous, production, email, typed, no, late] = claimFlows(shared);
  const [refresh, stolen, revoke] = tokenFlows(shared);
  const [vouchedNew, vouchedKnown, logout, event] = providerFlows(shared);
  return [
    discovery, anonymous, production, email, typed, refresh, stolen, vouchedNew, vouchedKnown, revoke, logout, event, no, late, mistakes,
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
