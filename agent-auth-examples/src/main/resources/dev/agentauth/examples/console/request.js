// A request as what goes over the wire, as curl and as Java.

import {clientOf, curlOf, javaOf} from './snippets.js';
import {tabs} from './tabs.js';
import {overTheWire} from './tokens.js';
import {el, requestText} from './wire.js';

/** Tabs with a request to the demo in all its forms. */
export function requestTabs(request, demo) {
  const client = clientOf(request, demo);
  const direct = fromElsewhere(request, demo);
  return tabs('The request as', [
    ['HTTP', ...overTheWire('Request', requestText(request))],
    ['curl', ...snippet('Command of curl', curlOf(direct))],
    ['Java',
      ...client ? [el('p', {class: 'soft'}, 'With agent-auth-client:'), ...snippet('Java with agent-auth-client', client),
        el('p', {class: 'soft'}, 'With the JDK alone:')] : [],
      ...snippet('Java with the JDK alone', javaOf(direct))],
  ]);
}

/** What this page has passed on to the provider, others send there themselves; what is the page's alone has to name the page. */
function fromElsewhere(request, {issuer, provider}) {
  const relay = `${issuer}/console/provider/`;
  if (request.url.startsWith(relay)) {
    return {...request, url: `${provider}/${request.url.slice(relay.length)}`};
  }
  return request.url.startsWith(`${issuer}/console/`)
    ? {...request, headers: {...request.headers, Origin: new URL(issuer).origin}} : request;
}

function snippet(label, text) {
  const pre = el('pre', {tabindex: '0', role: 'group', class: 'snippet', 'aria-label': label}, text);
  const button = el('button', {type: 'button', class: 'copy'}, 'Copy');
  button.addEventListener('click', async () => {
    button.textContent = await copied(text) ? 'Copied' : selected(pre);
  });
  return [pre, button];
}

/** A page on a plain-http host name has no clipboard, and one that has may not be allowed to write to it. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function selected(pre) {
  getSelection()?.selectAllChildren(pre);
  return 'Selected: copy it';
}
