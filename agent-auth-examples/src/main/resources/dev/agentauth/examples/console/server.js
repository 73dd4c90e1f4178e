// Speaks to the demo, notices when it is gone, and looks for it until it is back.

const PAUSE = 2000;

let isGone = false;
let tell = () => {};
let next;
let probed = '/';

/** Says where to look for a demo that does not answer, and whom to tell that it is gone (true) or back (false). */
export function watchServer(url, listener) {
  probed = url;
  tell = listener;
}

/** Sends a request. Without an answer, `status` is 0 and `text` says why. */
export async function send({method, url, headers, body}) {
  try {
    const response = await fetch(url, {method, headers, body, cache: 'no-store', credentials: 'omit', redirect: 'manual'});
    const text = await response.text();
    found();
    if (response.type === 'opaqueredirect') {
      return unanswered('A redirect, which is not followed here. Browsers do not tell pages where it leads.');
    }
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {status: response.status, headers: response.headers, text, json: isJson ? parsed(text) : undefined};
  } catch {
    return unanswered(await answers() ? 'The browser has not sent this request, or has kept the answer from the page.'
      : 'There was no answer. Is the demo still running?');
  }
}

/** What a demo on this machine tells about a registration: its state and its events. */
export function factsOf({issuer}, registration) {
  return send({method: 'GET', url: `${issuer}/console/events?registration=${registration}`});
}

function unanswered(text) {
  return {status: 0, headers: new Headers(), text};
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the demo is there; if not, this is asked again until it is. */
async function answers() {
  try {
    await fetch(probed, {method: 'HEAD', cache: 'no-store', credentials: 'omit'});
    found();
    return true;
  } catch {
    if (!isGone) {
      isGone = true;
      tell(true);
    }
    // One look at a time, whoever else asks meanwhile.
    clearTimeout(next);
    next = setTimeout(answers, PAUSE);
    return false;
  }
}

function found() {
  if (isGone) {
    isGone = false;
    clearTimeout(next);
    tell(false);
  }
}
