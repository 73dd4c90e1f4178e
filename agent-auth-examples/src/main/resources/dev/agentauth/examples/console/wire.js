// What went over the wire, as text for people, and the elements that pages are made of.

const REASONS = {
  200: 'OK', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found',
  405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone', 413: 'Content Too Large', 415: 'Unsupported Media Type',
  429: 'Too Many Requests', 502: 'Bad Gateway', 503: 'Service Unavailable',
};
const HEADERS = ['WWW-Authenticate', 'Content-Type', 'Cache-Control', 'Retry-After', 'Allow'];

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
      lines.push(`${name}: ${value}`);
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
