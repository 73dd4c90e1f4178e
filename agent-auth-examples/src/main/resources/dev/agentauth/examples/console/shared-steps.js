// What steps share: how requests are made, and whole steps that are in several flows.

export const CLAIM_GRANT = 'urn:workos:agent-auth:grant-type:claim';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';

export const get = (url, token) => ({method: 'GET', url, headers: bearer(token)});
export const post = (url, token) => ({method: 'POST', url, headers: bearer(token)});
export const json = (url, body) => ({
  method: 'POST', url, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
});
export const form = (url, body) => ({
  method: 'POST', url, headers: {'Content-Type': 'application/x-www-form-urlencoded'},
  body: new URLSearchParams(body).toString(),
});

function bearer(token) {
  return token ? {Authorization: `Bearer ${token}`} : {};
}

/** The places and the steps of a demo. */
export function sharedSteps({issuer, resource, provider}) {
  const api = `${resource}resource`;
  const identity = `${issuer}/agent/identity`;
  const claim = `${issuer}/agent/identity/claim`;
  const token = `${issuer}/oauth2/token`;
  const relay = `${issuer}/console/provider`;
  const clock = `${issuer}/console/clock`;

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
  const exchange = why => ({
    title: 'Exchange the assertion for an access token',
    surface: 'credential',
    send: m => form(token, {grant_type: JWT_BEARER, assertion: m.assertion}),
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

  return {
    issuer, api, identity, claim, token, relay,
    registerAnonymously, registerByEmail, registerByHint, ask, readCode, complete, completeAsProduction,
    exchange, write, writeInVain, refresh, signIn, vouch, present, pass,
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
export function keepIdentity(m, {json: {identity}}) {
  m.assertion = identity.assertion;
  m.refresh = identity.refresh_token?.value;
}

/** The location of the metadata between host and path (RFC 8414, section 3.1). */
export function inserted(issuer, name = 'oauth-authorization-server') {
  const url = new URL(issuer);
  return `${url.origin}/.well-known/${name}${url.pathname === '/' ? '' : url.pathname}`;
}
