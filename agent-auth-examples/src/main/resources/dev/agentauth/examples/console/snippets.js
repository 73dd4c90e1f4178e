// The same request for people who would rather send it by other means: curl in a POSIX shell, and Java.

import {takesBody} from './wire.js';

const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const CLAIM_GRANT = 'urn:workos:agent-auth:grant-type:claim';

/** A word of a POSIX shell that means exactly a text. */
export function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A request as a command of curl. */
export function curlOf(request) {
  const {method, url, body} = request;
  const start = ['curl', '-i'];
  if (method === 'HEAD') {
    start[1] = '-I';
  } else if (method !== 'GET') {
    start.push('-X', method);
  }
  if (/[[\]{}]/.test(url)) {
    start.push('--globoff');
  }
  const lines = [[...start, quoted(url)].join(' ')];
  for (const [name, value] of headersOf(request)) {
    // Without a value, curl takes a colon to mean that the header is not to be sent.
    lines.push(`  -H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (hasBody(request)) {
    lines.push(`  --data-raw ${quoted(body)}`);
  }
  return lines.join(' \\\n');
}

/** A request as a program for the JDK's own client. */
export function javaOf(request) {
  const {method, url} = request;
  return [
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpResponse;',
    '',
    'class Step {',
    '  public static void main(String[] args) throws Exception {',
    `    HttpRequest request = HttpRequest.newBuilder(URI.create(${literal(uri(url))}))`,
    ...headersOf(request).map(([name, value]) => `        .header(${literal(name)}, ${literal(value)})`),
    `        ${methodCall(method, publisher(request))}`,
    '        .build();',
    '    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    '    System.out.println(answer.statusCode() + " " + answer.body());',
    '  }',
    '}',
  ].join('\n');
}

/** The call of agent-auth-client that sends a request like this one; undefined if there is none. */
export function clientOf(request, {issuer, resource}) {
  const found = callFor(request, issuer, resource);
  return found && [
    'import dev.agentauth.client.AgentAuthClient;',
    ...found.type.startsWith('Outcome') ? ['import dev.agentauth.client.Outcome;'] : [],
    ...found.imports ?? [],
    '',
    'class Step {',
    ...(found.note ?? ['The agent holds what it was handed so far.']).map(line => `  // ${line}`),
    `  static ${found.type} take(${found.type === 'AgentAuthClient' ? '' : 'AgentAuthClient agent'}) {`,
    `    return ${found.call};`,
    '  }',
    '}',
  ].join('\n');
}

function callFor({method, url, headers = {}, body}, issuer, resource) {
  if (method === 'GET' && (url === `${resource}resource` && !headers.Authorization || url.includes('/.well-known/oauth-'))) {
    return {type: 'AgentAuthClient', call: `AgentAuthClient.discover(${literal(`${resource}resource`)})`,
      note: ['Asks the API, and reads what it and its service say about themselves.']};
  }
  if (url.startsWith(resource) && headers.Authorization) {
    return {
      type: 'Outcome.OfCall', imports: ['import java.net.URI;', 'import java.net.http.HttpRequest;'],
      call: `agent.call(HttpRequest.newBuilder(URI.create(${literal(uri(url))}))${methodCall(method, publisher({method, body}))}.build())`,
      note: ['It exchanges the assertion when there is no token, or its time is over.'],
    };
  }
  const members = membersOf(headers['Content-Type'], body);
  switch (members && `${method} ${url.startsWith(issuer) ? url.slice(issuer.length) : ''}`) {
    case 'POST /agent/identity': return registering(members);
    case 'POST /agent/identity/claim': return {
      type: 'Outcome.OfAsking', call: `agent.startClaim(${literal(members.email ?? members.login_hint)})`,
      note: members.login_hint && PRODUCTION};
    case 'POST /agent/identity/claim/complete': return {
      type: 'Outcome.OfClaim', call: `agent.completeClaim(${literal(members.otp ?? members.user_code)})`,
      note: members.user_code && PRODUCTION};
    case 'POST /oauth2/token': return members.grant_type === CLAIM_GRANT
      ? {type: 'Outcome.OfPolling', call: 'agent.poll()'} : {type: 'Outcome.OfToken', call: 'agent.accessToken()'};
    case 'POST /oauth2/revoke': return members.token?.startsWith('at_')
      ? {type: 'Outcome.OfRevoking', call: 'agent.revoke()'} : undefined;
    default: return undefined;
  }
}

const PRODUCTION = ['The agent was built with withRefreshTokens(): it speaks the dialect of production.'];

function registering({type, assertion_type: assertionType, assertion, login_hint: hint}) {
  const call = type === 'anonymous' ? 'registerAnonymous()'
    : type === 'refresh' ? 'refresh()'
      : type === 'service_auth' ? hint ? `registerWithEmail(${literal(hint)})` : 'registerForWhoeverSignsIn()'
        : assertionType === 'verified_email' ? `registerWithEmail(${literal(assertion)})`
          : type === 'identity_assertion' && (assertionType ?? ID_JAG) === ID_JAG ? `registerWithIdJag(${literal(assertion)})` : undefined;
  return call && {
    type: type === 'refresh' ? 'Outcome.OfClaim' : 'Outcome.OfRegistering', call: `agent.${call}`,
    note: type === 'refresh' ? undefined : type === 'service_auth' ? PRODUCTION : ['The agent is what AgentAuthClient.discover found.'],
  };
}

function membersOf(type, body) {
  try {
    return type === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body ?? ''));
  } catch {
    return undefined;
  }
}

/** What goes over the wire: browsers name the type of a text that has none, and neither curl nor Java says the same. */
function headersOf(request) {
  const headers = Object.entries(request.headers ?? {});
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return hasBody(request) && !hasType ? [...headers, ['Content-Type', 'text/plain;charset=UTF-8']] : headers;
}

function hasBody({method, body}) {
  return takesBody(method) && Boolean(body);
}

function publisher(request) {
  return hasBody(request) ? `HttpRequest.BodyPublishers.ofString(${literal(request.body)})` : 'HttpRequest.BodyPublishers.noBody()';
}

function methodCall(method, body) {
  return method === 'GET' ? '.GET()' : method === 'POST' || method === 'PUT' ? `.${method}(${body})`
    : `.method(${literal(method)}, ${body})`;
}

/** JSON escapes a text in ways that all mean the same in Java. */
function literal(text) {
  return JSON.stringify(String(text));
}

/** Browsers leave characters in a query that java.net.URI refuses. */
function uri(url) {
  return url.replaceAll(/%(?![0-9A-Fa-f]{2})|[^\w\-.~:/?#@!$&'()*+,;=%]/gu, encodeURIComponent);
}
