// Walks that survive a reload, each with its flow.
//
// What is kept has secrets of the walk in it: tokens, assertions, a code. In a demo that is all right: they belong to
// registrations that this page itself has made a moment ago, about people whom it has made up, and the same page shows them in full.
// Session storage is this tab's alone, of this origin, and gone with the tab. A real agent keeps such things where no page of
// anybody's gets at them.

const PREFIX = 'agent-auth-console ';

/** What a flow looks like: a walk goes on only in the flow that it was begun in. */
export function versionOf(flow) {
  let hash = 5381;
  for (const letter of JSON.stringify(flow, (key, value) => typeof value === 'function' ? String(value) : value)) {
    hash = Math.imul(hash, 33) + letter.codePointAt(0) | 0;
  }
  return hash;
}

/** Keeps a walk; in vain where the browser keeps nothing. */
export function save(issuer, flow, walk) {
  try {
    sessionStorage.setItem(name(issuer, flow), JSON.stringify({version: versionOf(flow), walk}));
  } catch {
    // Nothing is lost but what a reload would have found.
  }
}

/** The walk that was kept; undefined if there is none, or the flow is another by now. */
export function load(issuer, flow) {
  try {
    const {version, walk} = JSON.parse(sessionStorage.getItem(name(issuer, flow)));
    return version === versionOf(flow) ? walk : undefined;
  } catch {
    return undefined;
  }
}

/** Begins anew. */
export function forget(issuer, flow) {
  try {
    sessionStorage.removeItem(name(issuer, flow));
  } catch {
    // There was nothing.
  }
}

function name(issuer, flow) {
  return `${PREFIX}${issuer} ${flow.id}`;
}
