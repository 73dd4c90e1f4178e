// Walks through the flows, a step at a time, and shows what the demo did.

import {flowsOf, sampleMemory} from './flows.js';
import {epochIn} from './machine.js';
import {livePicture, strip} from './picture.js';
import {el, pair, statusLine} from './wire.js';

const demo = document.body.dataset;
const isLocal = demo.local === 'true';
const showsOutbox = demo.mail === 'outbox';
const flows = flowsOf(demo);
const api = `${demo.resource}resource`;
const $ = id => document.getElementById(id);
const picture = livePicture($('picture'), sampleMemory(demo));
const showEpoch = epochIn($('machine'));

const WHO = {agent: 'Agent', person: 'Person', provider: 'Provider', time: 'Clock'};
const SURFACES = {identity: 'Identity surface', credential: 'Credential surface', api: 'API', discovery: 'Discovery'};
const STATES = {
  unclaimed: 'nobody owns it, and nobody is being asked',
  pending_claim: 'a person is being asked: a link or a code is out',
  claimed: 'a person owns it',
  expired: 'nobody claimed it in time',
  revoked: 'it has ended',
};

/** The flow that is being walked. Whatever comes back for an earlier one is dropped. */
let walk;

function begin(flow) {
  const fresh = crypto.randomUUID().slice(0, 8);
  walk = {
    flow,
    steps: flow.steps.filter(step => demo.provider || !step.needsProvider),
    next: 0,
    memory: {fresh, person: flow.person?.(fresh)},
    registrations: new Set(),
    seen: new Set(),
    mails: [],
    status: undefined,
    busy: false,
    failed: false,
  };
  for (const link of $('flows').querySelectorAll('a')) {
    if (link.hash === `#${flow.id}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  $('flow-title').textContent = flow.title;
  $('flow-goal').textContent = flow.goal;
  $('steps').replaceChildren();
  picture.begin(flow.title, walk.steps);
  $('walk-empty').hidden = false;
  $('status').textContent = '';
  $('recipient').value = walk.memory.person ?? '';
  $('address').hidden = showsOutbox || !flow.person || Boolean(flow.needsProvider);
  showNote(obstacle(flow));
  forgetState();
  showRights([], false);
  showMails();
  showControls();
}

/** Why a flow cannot be walked here; undefined if it can. */
function obstacle(flow) {
  if (location.origin !== new URL(demo.issuer).origin) {
    return ['This demo calls itself ', el('a', {href: `${demo.issuer}/`}, demo.issuer), '. Open it there: its policy lets '
      + 'this page speak to its own origin alone.'];
  }
  if (flow.needsProvider && !demo.provider) {
    return ['This flow needs an agent provider that the service trusts. The sample provider is off, or not trusted here: '
      + 'start the demo without AGENT_AUTH_DEMO_PROVIDER=off and AGENT_AUTH_PROVIDERS.'];
  }
  if (flow.needsClock && demo.clock !== 'true') {
    return ['In this flow time passes, and the clock of this demo cannot be moved: that takes a loopback address and issuer, '
      + 'and storage in memory.'];
  }
  return undefined;
}

function showNote(words) {
  $('flow-note').hidden = !words;
  $('flow-note').replaceChildren(...words ?? []);
  $('controls').hidden = Boolean(words);
}

// What to do next

function showControls() {
  const step = walk.steps[walk.next];
  const isPersons = Boolean(step?.act) && !walk.failed;
  const following = flows[flows.indexOf(walk.flow) + 1];
  const isOver = !step || walk.failed;
  $('next-words').textContent = walk.failed ? 'This is not what the flow expects. Start again.'
    : step ? (isPersons ? wordsOf(step) : `Next: ${step.title}`)
      : following ? `Done. The next flow: ${following.title}` : 'Done. That was the last flow.';
  $('next').textContent = isOver && !walk.failed && following ? 'Next flow' : 'Next step';
  $('next').hidden = isPersons || walk.failed || (isOver && !following);
  $('all').textContent = walk.next === 0 ? 'Run the whole flow' : 'Run the rest';
  $('all').hidden = isOver || (isPersons && !canStandIn());
  $('again').hidden = walk.next === 0;
  $('person').hidden = !isPersons;
  if (isPersons) {
    showPersonsTurn(step);
  }
  for (const button of $('controls').querySelectorAll('button')) {
    button.setAttribute('aria-disabled', String(walk.busy));
  }
}

function showPersonsTurn(step) {
  const link = personsLink();
  const readsCode = step.act === 'code';
  $('person-words').textContent = signsIn() ? 'You are the person for a moment. The link is the agent’s to give, and the page '
    + `wants you to sign in: as ${walk.memory.person}.` : showsOutbox ? 'You are the person for a moment:' : mailWords();
  $('person-link').replaceChildren(link
    ? el('a', {href: link, target: '_blank', rel: 'noopener noreferrer'}, signsIn() ? 'Open the link (in a new tab)' : 'Open the link in the mail (in a new tab)') : '');
  $('person-link').hidden = !link;
  $('code-label').hidden = $('code').hidden = $('tell').hidden = !readsCode;
  $('code').required = readsCode;
  $('did').hidden = readsCode;
  $('did').textContent = step.done ?? 'I have said no';
  $('do').hidden = !canStandIn();
}

function wordsOf({words}) {
  return typeof words === 'function' ? words(walk.memory) : words;
}

/** The link is mailed, or, where people sign in, given to the agent. */
function personsLink() {
  return signsIn() ? walk.memory.shown : linkInMail();
}

function signsIn() {
  return Boolean(walk.memory.shown?.includes('token='));
}

/** Whether the console can do the person’s part: it reads their mail here, and cannot sign in for them. */
function canStandIn() {
  return showsOutbox && !signsIn();
}

function linkInMail() {
  return walk.mails.find(mail => mail.registration_id === walk.memory.registration && mail.link)?.link;
}

function mailWords() {
  return demo.mail === 'smtp' ? 'The mail was sent by SMTP. Only whoever reads it can go on: that is the person’s part.'
    : 'The mail went nowhere: on an address that others can reach, the outbox is not shown. Set AGENT_AUTH_SMTP.';
}

// Doing it

/** Takes the next step; `told` if the person has done it on the page. False if the flow cannot go on by itself. */
async function advance(told = false) {
  const current = walk;
  const step = current.steps[current.next];
  current.busy = true;
  showControls();
  if (!$('address').hidden && current.next === 0) {
    current.memory.person = $('recipient').value;
  }
  $('address').hidden = true;
  current.memory.person = step.person?.(current.memory.fresh) ?? current.memory.person;
  current.memory.link = linkInMail();
  const shown = showStep(step, current.next + 1);
  const answer = told ? undefined : await exchange(step, shown);
  if (current !== walk) {
    return false;
  }
  const good = told || matches(step.expect, answer);
  if (good && answer) {
    step.learn?.(current.memory, answer);
  }
  shown.finish(good, answer, step);
  current.next++;
  current.failed = !good;
  await look(step, shown);
  if (current !== walk) {
    return false;
  }
  current.busy = false;
  $('status').textContent = `Step ${current.next}: ${answer ? statusLine(answer) : 'done by the person'}.`
    + (current.status ? ` The registration is ${name(current.status)}.` : '');
  showControls();
  return good;
}

async function exchange(step, shown) {
  const request = step.send(walk.memory);
  let answer;
  try {
    answer = await send(request);
  } catch {
    answer = {status: 0, headers: new Headers(), text: 'There was no answer. Is the demo still running?'};
  }
  shown.add(request, answer);
  return answer;
}

async function send({method, url, headers, body}) {
  const response = await fetch(url, {method, headers, body, cache: 'no-store', credentials: 'omit', redirect: 'error'});
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return {status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined};
}

function matches([status, error], answer) {
  return answer.status === status && (error === undefined || answer.json?.error === error);
}

async function runAll() {
  const current = walk;
  while (current === walk && walk.next < walk.steps.length && (canStandIn() || !walk.steps[walk.next].act)) {
    if (!await advance()) {
      return;
    }
  }
}

// A step, as it is shown

function showStep(step, number) {
  const who = step.who ?? 'agent';
  const line = el('span', {class: 'line'}, 'sending …');
  const details = el('details', {open: true}, el('summary', {},
    el('h3', {}, `${number}. ${step.title}`),
    el('span', {class: `tag ${who}`}, WHO[who]), ' ',
    step.surface ? el('span', {class: `tag ${step.surface}`}, SURFACES[step.surface]) : '', line));
  for (const earlier of $('steps').querySelectorAll('details')) {
    earlier.open = false;
  }
  $('steps').append(el('li', {class: `step of-${who} on-${step.surface ?? who}`}, details));
  $('walk-empty').hidden = true;
  let first;
  let asked;
  return {
    add(request, answer) {
      asked = request;
      first ??= `${request.method} ${new URL(request.url).pathname}`;
      details.append(pair(request, answer));
    },
    finish(good, answer, {why, source, act}) {
      picture.add(step, {request: asked, answer, good, signsIn: signsIn()});
      line.replaceChildren(...answer ? [el('code', {}, `${first} → ${statusLine(answer)}`)] : ['done on the page']);
      if (act && answer) {
        details.append(el('p', {class: 'soft'}, 'Done for the person: this is what the button on the page does.'));
      }
      if (good) {
        details.append(el('h4', {}, 'What was decided, and why'), el('p', {class: 'why'}, why, ' ', el('span', {class: 'source'}, `(${source})`)));
      } else {
        line.append(el('strong', {class: 'bad'}, ' – not what this flow expects'));
        details.append(el('p', {class: 'why'}, 'The flow expects ', expected(step.expect), '. What was answered instead is '
          + 'above: limits may be spent, or another walk has changed something.'));
      }
      details.scrollIntoView({block: 'nearest',
        behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
    },
    audit(events) {
      details.append(el('h4', {}, 'What the service wrote down (audit)'),
        el('ul', {class: 'audit'}, ...events.map(event => el('li', {}, el('code', {}, event.event), fields(event)))));
    },
  };
}

function expected([status, error]) {
  return `${status}${error ? ` ${error}` : ''}`;
}

function fields({id, time, event, client_address: address, registration_id: registration, ...rest}) {
  const words = Object.entries(rest).map(([key, value]) => `${key} ${value}`).join(', ');
  return words ? ` ${words}` : '';
}

// State, rights and mail after a step

async function look(step, shown) {
  const current = walk;
  const {registration, token} = current.memory;
  if (!registration) {
    return;
  }
  const isNew = !current.registrations.has(registration);
  current.registrations.add(registration);
  const quietly = request => send(request).catch(() => undefined);
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  const [facts, mails, ...rights] = await Promise.all([
    isLocal ? quietly({method: 'GET', url: `${demo.issuer}/console/events?registration=${registration}`}) : undefined,
    showsOutbox ? quietly({method: 'GET', url: `${demo.issuer}/outbox.json`}) : undefined,
    quietly({method: 'GET', url: api, headers}),
    quietly({method: 'POST', url: api, headers}),
  ]);
  if (current !== walk) {
    return;
  }
  if (facts?.status === 200) {
    if (isNew) {
      forgetState();
    }
    moveTo(facts.json, step.title);
    const events = facts.json.events.filter(event => !current.seen.has(event.id));
    events.forEach(event => current.seen.add(event.id));
    if (events.length > 0) {
      shown.audit(events);
    }
  }
  current.mails = mails?.json?.filter(mail => current.registrations.has(mail.registration_id)) ?? current.mails;
  showMails();
  showRights(rights, Boolean(token));
}

function name(status) {
  return status.replace('_', ' ');
}

function forgetState() {
  walk.status = undefined;
  walk.epoch = undefined;
  showEpoch(0, false);
  for (const part of $('machine').querySelectorAll('.state, .edge')) {
    part.classList.remove('now', 'been', 'taken');
  }
  $('history').replaceChildren();
  $('state-words').textContent = isLocal ? 'There is no registration yet.'
    : 'This demo can be reached by others, so it does not tell what it knows about registrations.';
}

function moveTo({registration_id: id, kind, status, epoch}, cause) {
  const raised = epoch > (walk.epoch ?? epoch);
  walk.epoch = epoch;
  const before = walk.status;
  walk.status = status;
  if (before !== status) {
    for (const edge of $('machine').querySelectorAll('.edge')) {
      edge.classList.toggle('taken', edge.id === `edge-${before}-${status}`);
    }
    $('machine').querySelector('.now')?.classList.replace('now', 'been');
    $(`state-${status}`).classList.remove('been');
    $(`state-${status}`).classList.add('now');
    $('history').append(el('li', {}, el('strong', {}, name(status)), ` by: ${cause}`));
  }
  showEpoch(epoch, raised);
  if (raised) {
    $('history').append(el('li', {}, el('strong', {}, `epoch ${epoch}`), ` by: ${cause}`));
  }
  $('state-words').replaceChildren('Now ', el('strong', {}, name(status)), `: ${STATES[status]}. Epoch ${epoch}. `,
    el('code', {}, id), ` (${kind})`);
}

function showRights(answers, hasToken) {
  const methods = ['GET', 'POST'];
  $('rights').replaceChildren(...methods.map((method, i) => el('tr', {},
    el('th', {scope: 'row'}, el('code', {}, `${method} /api/resource`),
      el('div', {class: 'soft'}, i === 0 ? 'takes api.read' : 'takes api.write')),
    el('td', {}, verdict(answers[i], hasToken)))));
  const email = answers.find(answer => answer?.status === 200)?.json.email;
  const works = answers.some(answer => answer?.status === 200);
  $('acts-for').textContent = !works ? '' : email ? `Acts for ${email}.` : 'Acts for nobody yet.';
}

function verdict(answer, hasToken) {
  if (!answer) {
    return 'not asked yet';
  }
  return answer.status === 200 ? el('span', {class: 'good'}, '✓ yes: 200')
    : el('span', {class: 'bad'}, `✗ no: ${answer.status} ${hasToken ? answer.json?.error : '(no token in hand)'}`);
}

function showMails() {
  const mails = walk.mails.map(mail => el('article', {class: 'mail'},
    el('h3', {}, mail.subject),
    el('p', {class: 'soft'}, `To ${mail.to}`),
    el('pre', {tabindex: '0', role: 'group', 'aria-label': 'Mail'}, ...withLink(mail))));
  const words = showsOutbox ? 'No mail in this flow yet.' : mailWords();
  $('mails').replaceChildren(...mails.length > 0 ? mails : [el('p', {class: 'soft'}, words)]);
}

function withLink({text, link}) {
  const at = link ? text.indexOf(link) : -1;
  return at < 0 ? [text] : [text.slice(0, at),
    el('a', {href: link, target: '_blank', rel: 'noopener noreferrer'}, link), text.slice(at + link.length)];
}

// Buttons and addresses

/** What a button does, unless a step is under way. */
function when(id, event, action) {
  $(id).addEventListener(event, async happened => {
    happened.preventDefault();
    if (walk.busy) {
      return;
    }
    await action();
    keepFocus();
  });
}

/** Where the button that was pressed is gone, the next one to press has the focus. */
function keepFocus() {
  if (document.activeElement === document.body || document.activeElement?.closest('[hidden]')) {
    [...$('controls').querySelectorAll('button, input')].find(one => !one.closest('[hidden]'))?.focus();
  }
}

function chosen() {
  return flows.find(flow => location.hash === `#${flow.id}`) ?? flows[0];
}

$('flows').append(...flows.map(flow => el('li', {}, el('a', {href: `#${flow.id}`}, flow.title, strip(flow.steps)))));
when('next', 'click', () => {
  if (walk.next < walk.steps.length) {
    return advance();
  }
  location.hash = flows[flows.indexOf(walk.flow) + 1].id;
  return undefined;
});
when('all', 'click', runAll);
when('do', 'click', () => advance());
$('again').addEventListener('click', () => {
  begin(walk.flow);
  $('next').focus();
});
when('person', 'submit', () => {
  walk.memory.code = $('code').value;
  $('code').value = '';
  return advance(true);
});
$('address').addEventListener('submit', event => event.preventDefault());
addEventListener('hashchange', () => {
  begin(chosen());
  $('flow-title').focus();
});
begin(chosen());
$('console').hidden = false;
