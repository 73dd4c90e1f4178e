// Words that are explained where they are first used, and names of documents that lead to them.

import {el, replaced} from './wire.js';

const PROTOCOL = 'console/protocol';
const ELSEWHERE = {
  'OpenID Connect Back-Channel Logout 1.0': 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
};
const REFERENCE = /RFC (\d+)(?:, section (\d+(?:\.\d+)*))?|\b[AB]\d{1,2}\b|draft-ietf-[\w-]+|OpenID Connect Back-Channel Logout 1\.0/g;

const MEANINGS = {
  'access token': 'What opens the API: a random string that points at a registration. It goes into the Authorization header.',
  'claim token': 'What the agent was given to have the registration claimed with. The person’s code is worth nothing without it.',
  'identity assertion': 'A JWT, signed by the service, that says which registration this is. It opens nothing by itself: it is exchanged '
    + 'for access tokens.',
  'logout token': 'A JWT by which a provider tells a service that a person has signed out.',
  'refresh token': 'What brings a new identity assertion when the old one has expired, once.',
  'security event': 'A JWT by which one party tells another that something has happened, such as the end of an account.',
  challenge: 'The WWW-Authenticate header of a refusal. It says what is missing, and where to begin.',
  epoch: 'A counter in the registration and in all that is issued for it. Raising it ends everything issued before, and the '
    + 'registration lives on.',
  'id-jag': 'Identity Assertion JWT Authorization Grant: the word of a provider about a person, for one service alone, good for '
    + 'minutes.',
  jti: 'The serial number of a JWT.',
  jwt: 'JSON Web Token: claims in JSON, signed, in three parts that are joined by dots (RFC 7519).',
  metadata: 'A JSON document at a well-known path, in which a service says what it is and where its endpoints are.',
  'post-claim scope': 'What a registration may do once a person owns it; here api.read and api.write.',
  'pre-claim scope': 'What a registration may do that nobody owns yet; here api.read.',
  registration: 'What the service knows about one agent: whose it is, if anybody’s, and whether it lives. All that is handed out '
    + 'points at one.',
  'step-up': 'Asking the owner of an account before a provider’s word counts for it.',
};

// The longer names come first, so that none is taken for a part of itself.
const NAMES = Object.keys(MEANINGS).sort((one, other) => other.length - one.length);
const TERM = new RegExp(`\\b((${NAMES.join('|')}|assertion)s?)\\b([,.;:)]*)`, 'gi');

let made = 0;

/** A text in which each term that was not `seen` can be asked what it means; those that can are seen from then on. */
export function explained(text, seen) {
  return replaced(text, TERM, ([, word, name, mark]) => {
    const term = name.toLowerCase();
    const key = term === 'assertion' ? 'identity assertion' : term;
    if (seen.has(key)) {
      return undefined;
    }
    seen.add(key);
    return toggletip(word, mark, MEANINGS[key]);
  });
}

/** A text in which the names of RFCs, drafts and sections of the protocol are links. */
export function linked(text) {
  return replaced(text, REFERENCE, ([name, rfc, section]) => [el('a', {
    href: rfc ? `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}`
      : /^[AB]/.test(name) ? `${PROTOCOL}#${name.toLowerCase()}`
        : ELSEWHERE[name] ?? `https://datatracker.ietf.org/doc/${name}/`,
    target: '_blank', rel: 'noopener noreferrer'}, name)]);
}

/** What it means comes behind the mark that the word has behind it: no line begins with a comma. */
function toggletip(word, mark, meaning) {
  const id = `term-${++made}`;
  const button = el('button', {type: 'button', class: 'term', 'aria-expanded': 'false', 'aria-controls': id}, word);
  const note = el('span', {id, class: 'meaning', role: 'note', hidden: true}, meaning);
  const open = isOpen => {
    button.setAttribute('aria-expanded', String(isOpen));
    note.hidden = !isOpen;
  };
  button.addEventListener('click', () => open(note.hidden));
  button.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      open(false);
    }
  });
  return [el('dfn', {}, button), mark, note];
}
