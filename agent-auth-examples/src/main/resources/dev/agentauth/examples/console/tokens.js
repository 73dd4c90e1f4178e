// Credentials in what went over the wire: shown short, and decoded on demand.

import {now} from './clock.js';
import {linked} from './terms.js';
import {el, replaced} from './wire.js';

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+|\b(?:at|clm|cvt|rt|ses|svt)_[\w-]{16,}/g;

const OPAQUE = {
  at: 'An access token: 192 random bits that mean nothing by themselves. The service keeps its SHA-256 hash and looks '
    + 'up, at every use, which registration it points at and what that may do.',
  clm: 'A claim token: the agent’s right to have this registration claimed. Without it, the code on the page is worth '
    + 'nothing. The service keeps its hash.',
  cvt: 'An attempt token: the secret in the mailed link. It opens the page, and nothing else. The service keeps its hash.',
  rt: 'A refresh token: it brings a new assertion when the old one has expired, and another refresh token, once. The service '
    + 'keeps hashes of it.',
  ses: 'A session at the sample provider: whoever has it can have the provider vouch for the person.',
  svt: 'A sign-in token: the secret in the link that the agent shows where people sign in. It stands for the question, and '
    + 'proves nothing about who opens it.',
};

const MEANINGS = {
  typ: 'which kind of JWT this is, so that none passes for another kind (RFC 8725, section 3.11)',
  alg: 'how it is signed',
  kid: 'which of the issuer’s published keys checks the signature',
  iss: 'who says so',
  sub: 'about whom',
  aud: 'for whom it is meant: nobody else may accept it',
  jti: 'its serial number; a provider’s JWT is accepted once',
  iat: 'said at',
  exp: 'good until',
  auth_time: 'when the person signed in',
  client_id: 'which of the provider’s clients the agent is',
  email: 'the person’s address',
  email_verified: 'the provider has checked the address',
  scope: 'no more than this',
  resource: 'for this API alone',
  agent_platform: 'what the provider calls its platform',
  agent_context_id: 'which conversation, by a name that stands for nothing else',
  epoch: 'the registration’s epoch: once that is raised, this is dead',
};
const TIMES = new Set(['iat', 'exp', 'nbf', 'auth_time']);

/** A message as text, its tokens short, and what they say below it. */
export function overTheWire(label, text) {
  const decoded = el('div', {class: 'decoded', hidden: true});
  const nodes = replaced(text, TOKEN, ([token]) => [tokenButton(token, decoded)]);
  return [el('pre', {tabindex: '0', role: 'group', 'aria-label': label}, ...nodes), decoded];
}

/** Header and claims of a JWT, without checking its signature; null if it is none. */
export function decode(jwt) {
  try {
    const [header, claims] = jwt.split('.').slice(0, 2).map(part => JSON.parse(new TextDecoder().decode(
      Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0)))));
    return {header, claims};
  } catch {
    return null;
  }
}

/** The same JWT about another subject: well formed, and signed by nobody. */
export function forge(jwt, subject) {
  const [header, , signature] = jwt.split('.');
  const claims = {...decode(jwt).claims, sub: subject};
  return [header, btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), signature]
    .join('.');
}

function tokenButton(token, decoded) {
  const button = el('button', {type: 'button', class: 'token', 'aria-expanded': 'false',
    title: 'Decode'}, `${token.slice(0, 10)}…${token.slice(-4)}`);
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    for (const other of button.parentElement.querySelectorAll('button')) {
      other.setAttribute('aria-expanded', 'false');
    }
    button.setAttribute('aria-expanded', String(!open));
    decoded.hidden = open;
    decoded.replaceChildren(...explain(token));
  });
  return button;
}

function explain(token) {
  const jwt = token.startsWith('eyJ') ? decode(token) : null;
  if (!jwt) {
    return [el('p', {}, OPAQUE[token.split('_')[0]] ?? 'Not readable.'), el('p', {}, el('code', {}, token))];
  }
  return [
    table('Header', jwt.header),
    table('Claims', jwt.claims),
    el('p', {class: 'soft'}, 'Anybody can read this. Only the holder of the issuer’s private key could sign it.'),
  ];
}

function table(caption, members) {
  const rows = Object.entries(members).map(([name, value]) => el('tr', {},
    el('th', {scope: 'row'}, el('code', {}, name)),
    el('td', {}, el('code', {}, typeof value === 'string' ? value : JSON.stringify(value)),
      TIMES.has(name) ? ` ${inWords(value)}` : '',
      MEANINGS[name] ? el('div', {class: 'soft'}, ...linked(MEANINGS[name])) : '')));
  return el('table', {}, el('caption', {}, caption), el('tbody', {}, ...rows));
}

/** A time in seconds since 1970, for people. */
function inWords(seconds) {
  const distance = Math.round(seconds - now() / 1000);
  const size = Math.abs(distance);
  const words = size < 90 ? count(size, 'second') : size < 5400 ? count(Math.round(size / 60), 'minute')
    : count(Math.round(size / 3600), 'hour');
  const when = new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
  return `${when}, ${distance < 0 ? `${words} ago` : `in ${words}`}`;
}

function count(number, unit) {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
