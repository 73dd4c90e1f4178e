// What went over the wire, for people: requests and answers in full, tokens short, decoded on demand.

const REASONS = {
  200: 'OK', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found',
  405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone', 413: 'Content Too Large', 415: 'Unsupported Media Type',
  429: 'Too Many Requests', 502: 'Bad Gateway', 503: 'Service Unavailable',
};
const HEADERS = ['www-authenticate', 'content-type', 'cache-control', 'retry-after', 'allow'];
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+|\b(?:at|clm|cvt|ses)_[\w-]{16,}/g;

const OPAQUE = {
  at: 'An access token: 192 random bits that mean nothing by themselves. The service keeps its SHA-256 hash and looks '
    + 'up, at every use, which registration it points at and what that may do.',
  clm: 'A claim token: the agent’s right to have this registration claimed. Without it, the code on the page is worth '
    + 'nothing. The service keeps its hash.',
  cvt: 'An attempt token: the secret in the mailed link. It opens the page, and nothing else. The service keeps its hash.',
  ses: 'A session at the sample provider: whoever has it can have the provider vouch for the person.',
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

/** An element with attributes and children. Text stays text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children);
  return element;
}

/** An element of SVG. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A text with nodes in the place of what matches; a match for which `nodesOf` has none stays as it is. */
export function replaced(text, pattern, nodesOf) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const found = nodesOf(match);
    if (found) {
      nodes.push(text.slice(end, match.index), ...found);
      end = match.index + match[0].length;
    }
  }
  return [...nodes, text.slice(end)];
}

/** The state of a registration, in words. */
export function stateName(status) {
  return status.replace('_', ' ');
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

/** The parameter of a challenge (RFC 9110, section 11.2). */
export function challengeParameter(challenge, name) {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(challenge ?? '')?.[1];
}

/** What an answer says of itself: error and description, by whichever name. */
export function says(answer) {
  const {error, error_description: description, message} = answer.json ?? {};
  const words = description ?? message;
  return answer.status === 0 ? answer.text : [error, words && `“${words.replace(/\.$/, '')}”`].filter(Boolean).join(': ');
}

/** What a status line says. */
export function statusLine(answer) {
  return answer.status === 0 ? 'no answer' : `${answer.status} ${REASONS[answer.status] ?? ''}`.trim();
}

/** A message as text, its tokens short, and what they say below it. */
export function overTheWire(label, text) {
  const decoded = el('div', {class: 'decoded', hidden: true});
  const nodes = replaced(text, TOKEN, ([token]) => [tokenButton(token, decoded)]);
  return [el('pre', {tabindex: '0', role: 'group', 'aria-label': label}, ...nodes), decoded];
}

/** Whether browsers send a body by that method. */
export function takesBody(method) {
  return method !== 'GET' && method !== 'HEAD';
}

/** A request as text. */
export function requestText({method, url, headers = {}, body}) {
  const lines = [`${method} ${url}`];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`${name}: ${value}`);
  }
  if (body !== undefined) {
    const isForm = headers['Content-Type'] === 'application/x-www-form-urlencoded';
    lines.push('', isForm ? body.replaceAll('&', '\n&') : headers['Content-Type'] === 'application/json' ? pretty(body) : body);
  }
  return lines.join('\n');
}

/** An answer as text. */
export function answerText(answer) {
  const lines = [statusLine(answer)];
  for (const name of HEADERS) {
    const value = answer.headers.get(name);
    if (value !== null) {
      lines.push(`${name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())}: ${value}`);
    }
  }
  lines.push('', answer.json === undefined ? answer.text || '(no body)' : pretty(answer.text));
  return lines.join('\n');
}

/** JSON with line breaks and indentation; what is none stays as it is. */
export function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
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
      MEANINGS[name] ? el('div', {class: 'soft'}, MEANINGS[name]) : '')));
  return el('table', {}, el('caption', {}, caption), el('tbody', {}, ...rows));
}

/** A time in seconds since 1970, for people. */
function inWords(seconds) {
  const distance = Math.round(seconds - Date.now() / 1000);
  const size = Math.abs(distance);
  const words = size < 90 ? count(size, 'second') : size < 5400 ? count(Math.round(size / 60), 'minute')
    : count(Math.round(size / 3600), 'hour');
  const when = new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
  return `${when}, ${distance < 0 ? `${words} ago` : `in ${words}`}`;
}

function count(number, unit) {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
