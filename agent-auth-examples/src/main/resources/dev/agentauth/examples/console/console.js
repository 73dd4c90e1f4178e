// Walks through the flows, a step at a time, and shows what the demo did.

import {codeIn} from './code.js';
import {flowsOf, sampleMemory} from './flows.js';
import {epochIn} from './machine.js';
import {livePicture, strip} from './picture.js';
import {mountOutbox} from './outbox.js';
import {forget, load, save} from './saved.js';
import {send, watchServer} from './server.js';
import {expected, showStep} from './steps.js';
import {explained} from './terms.js';
import {Upcoming} from './upcoming.js';
import {el, says, stateName, statusLine} from './wire.js';

const demo = document.body.dataset;
const isLocal = demo.local === 'true';
const showsOutbox = demo.mail === 'outbox';
const flows = flowsOf(demo);
const api = `${demo.resource}resource`;
const $ = id => document.getElementById(id);
const outbox = mountOutbox($('mails'));
const picture = livePicture($('picture'), sampleMemory(demo));
const showEpoch = epochIn($('machine'));

/** How often the registration is asked whether the person has done their part, in milliseconds. */
const PACE = 2000;

const LOST = 'The service does not know this registration any more: it was started anew, and had it in memory. “Start again”.';

/** What the service says to a code that is wrong, void or old: the agent asks for another. */
const NO_SUCH_CODE = new Set(['otp_invalid', 'otp_expired', 'otp_not_generated', 'invalid_user_code', 'user_code_expired',
  'claim_not_confirmed']);
const STATES = {
  unclaimed: 'nobody owns it, and nobody is being asked',
  pending_claim: 'a person is being asked: a link or a code is out',
  claimed: 'a person owns it',
  expired: 'nobody claimed it in time',
  revoked: 'it has ended',
};

const upcoming = new Upcoming($('upcoming'), demo, () => {
  walk.draft = upcoming.draft;
  keep();
});

/** The flow that is being walked. Whatever comes back for an earlier one is dropped. */
let walk;

/** Goes on where this tab has left off, or begins. */
function begin(flow) {
  clearTimeout(watching);
  const fresh = someName();
  const steps = flow.steps.filter(step => demo.provider || !step.needsProvider);
  walk = {
    flow: {...flow, steps},
    steps,
    next: 0,
    memory: {fresh, person: flow.person?.(fresh)},
    entries: [],
    registrations: new Set(),
    seen: new Set(),
    terms: new Set(),
    mails: [],
    status: undefined,
    busy: false,
    trouble: undefined,
    over: undefined,
    draft: undefined,
    sawCode: false,
  };
  for (const link of $('flows').querySelectorAll('a')) {
    if (link.hash === `#${flow.id}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  $('flow-title').textContent = flow.title;
  $('flow-goal').replaceChildren(...explained(flow.goal, walk.terms));
  $('steps').replaceChildren();
  picture.begin(flow.title, walk.steps);
  $('walk-empty').hidden = false;
  $('status').textContent = '';
  $('code').value = '';
  upcoming.hide();
  showNote(obstacle(flow));
  forgetState();
  showRights([], false);
  const saved = load(demo.issuer, walk.flow);
  if (saved) {
    goOn(saved);
  }
  $('recipient').value = walk.memory.person ?? '';
  $('address').hidden = showsOutbox || !flow.person || Boolean(flow.needsProvider) || walk.next > 0;
  showMails();
  showControls();
}

function goOn({entries, ...rest}) {
  Object.assign(walk, rest);
  for (const kept of entries) {
    const entry = {...kept, answer: kept.answer && {...kept.answer, headers: new Headers(kept.answer.headers)}};
    const step = walk.steps[entry.step];
    const shown = showStep($('steps'), demo, step, entry.step + 1, walk.terms);
    walk.entries.push(entry);
    settle(shown, step, entry);
    note(shown, step, entry);
  }
  $('walk-empty').hidden = entries.length > 0;
  lookAgain();
}

function keep() {
  const {next, memory, trouble, over, draft, entries} = walk;
  save(demo.issuer, walk.flow, {next, memory, trouble, over, draft, entries: entries.map(({answer, ...rest}) => ({
    ...rest, answer: answer && {...answer, headers: [...answer.headers]}}))});
}

/** Eight hexadecimal digits that no other walk has. `crypto.randomUUID` is not there under a plain-http host name. */
function someName() {
  return [...crypto.getRandomValues(new Uint8Array(4))].map(byte => byte.toString(16).padStart(2, '0')).join('');
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
  const step = walk.over ? undefined : walk.steps[walk.next];
  const isPersons = Boolean(step?.act);
  const after = following();
  const isOver = !step;
  if (!walk.busy) {
    prepare(step);
  }
  $('next-words').textContent = walk.over ?? walk.trouble
    ?? (step ? (isPersons ? wordsOf(step) : `Next: ${step.title}`)
      : after ? `Done. The next flow: ${after.title}` : 'Done. That was the last flow.');
  $('next').textContent = walk.trouble ? 'Try again' : isOver && after ? 'Next flow' : 'Next step';
  $('next').hidden = isPersons || Boolean(walk.over) || (isOver && !after);
  $('all').textContent = walk.next === 0 ? 'Run the whole flow' : 'Run the rest';
  $('all').hidden = isOver || Boolean(walk.trouble) || (isPersons && !canStandIn());
  $('again').hidden = walk.entries.length === 0;
  $('person').hidden = !isPersons;
  if (isPersons) {
    showPersonsTurn(step);
  }
  for (const button of $('controls').querySelectorAll('button')) {
    button.setAttribute('aria-disabled', String(walk.busy));
  }
  watchPerson(step);
}

function following() {
  return flows[flows.findIndex(flow => flow.id === walk.flow.id) + 1];
}

/** Makes the request of the next step, so that it can be read before it is sent. */
function prepare(step) {
  if (!step || (step.act && !canStandIn()) || !$('flow-note').hidden) {
    upcoming.hide();
    return;
  }
  walk.memory.person = step.person?.(walk.memory.fresh) ?? walk.memory.person;
  walk.memory.link = linkInMail();
  let request;
  try {
    request = step.send(walk.memory);
  } catch {
    // What it is made of is not there: the mail has not come, or an edited request has brought something else.
    upcoming.hide();
    return;
  }
  const title = `${walk.trouble ? 'Once more' : 'Next request'}: ${walk.next + 1}. ${step.title}`;
  const words = [step.act ? '“Do it for me” sends what the page would. ' : '', 'What has to come back: ',
    el('code', {}, expected(step.expect))];
  upcoming.show(title, words, request, walk.draft);
}

function showPersonsTurn(step) {
  const link = personsLink();
  const readsCode = step.act === 'code';
  $('person-words').textContent = signsIn() ? 'The link is the agent’s to give, and the page '
    + `wants you to sign in: as ${walk.memory.person}.` : showsOutbox ? '' : mailWords();
  $('person-words').hidden = showsOutbox && !signsIn();
  $('person-link').replaceChildren(link
    ? el('a', {href: link, target: '_blank', rel: 'noopener noreferrer'}, signsIn() ? 'Open the link (in a new tab)' : 'Open the link in the mail (in a new tab)') : '');
  $('person-link').hidden = !link;
  $('code-label').hidden = $('code').hidden = $('tell').hidden = !readsCode;
  $('did').hidden = readsCode;
  $('did').textContent = step.done ?? 'I have said no';
  $('do').hidden = !canStandIn() || !upcoming.isShown;
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

/**
 * Takes the next step; `told` if the person has done it on the page, with the status that says so. False if the flow cannot go on
 * by itself.
 */
async function advance(told) {
  const current = walk;
  const step = current.steps[current.next];
  const request = told ? undefined : upcoming.request;
  if (!told && !request) {
    upcoming.complain();
    return false;
  }
  const entry = {step: current.next, request, isEdited: !told && upcoming.isEdited, status: told?.status};
  current.busy = true;
  upcoming.hide();
  showControls();
  $('address').hidden = true;
  $('walk-empty').hidden = true;
  const shown = showStep($('steps'), demo, step, current.next + 1, current.terms);
  entry.answer = request && await send(request);
  if (current !== walk) {
    return false;
  }
  const goesOn = judge(step, entry);
  current.entries.push(entry);
  settle(shown, step, entry);
  shown.comeIntoView();
  await look(step, shown, entry);
  if (current !== walk) {
    return false;
  }
  current.busy = false;
  current.draft = undefined;
  current.sawCode = false;
  tell(`Step ${entry.step + 1}: ${entry.answer ? statusLine(entry.answer) : 'done by the person'}.`
    + (current.status ? ` The registration is ${stateName(current.status)}.` : ''));
  showControls();
  keep();
  return goesOn;
}

/** Decides where the walk goes from an answer, and what is to be said of it. True if it goes on. */
function judge(step, entry) {
  const {answer, isEdited} = entry;
  const right = !answer || matches(step.expect, answer);
  const goesOn = right && (!answer || learnt(step, answer));
  entry.outcome = isEdited ? 'edited' : goesOn ? 'good' : 'bad';
  walk.trouble = goesOn ? undefined : troubleWith(step, answer, isEdited);
  if (goesOn) {
    walk.next++;
  } else if (!isEdited && NO_SUCH_CODE.has(answer.json?.error)) {
    askForTheCodeAgain(answer);
  }
  return goesOn;
}

/** Whether the answer has what the following steps need. */
function learnt(step, answer) {
  try {
    step.learn?.(walk.memory, answer);
    return true;
  } catch {
    return false;
  }
}

function matches([status, error], answer) {
  return answer.status === status && (error === undefined || answer.json?.error === error);
}

function troubleWith(step, answer, isEdited) {
  const words = `${statusLine(answer)}${answer.status !== 0 && says(answer) ? `, ${says(answer)}` : ''}`;
  const wait = answer.headers.get('retry-after');
  return isEdited ? `The answer to the edited request: ${words}. The flow goes on with its own request.`
    : `This is not what the flow expects: ${words}. Try again${wait ? ` in ${wait} seconds` : ''}, or “Start again” from the first step.`;
}

/** A wrong code is not the end: the person is asked for another. */
function askForTheCodeAgain(answer) {
  const asked = walk.steps.findLastIndex((step, i) => i < walk.next && step.act === 'code');
  if (asked >= 0) {
    walk.next = asked;
    walk.trouble = `The agent asks again: with this code the service says ${says(answer)}. Look at the page, and read the code out once more.`;
  }
}

async function runAll() {
  const current = walk;
  while (current === walk && walk.next < walk.steps.length && (canStandIn() || !walk.steps[walk.next].act)) {
    if (!await advance()) {
      return;
    }
  }
}

/** Shows what came back, and what that means. */
function settle(shown, step, entry) {
  const {request, answer, outcome} = entry;
  if (answer) {
    shown.add(request, answer);
  }
  picture.add(step, {request, answer, good: outcome === 'good', edited: outcome === 'edited', signsIn: signsIn()});
  shown.finish(entry);
}

function tell(words) {
  if ($('status').textContent !== words) {
    $('status').textContent = words;
  }
}

// The person's turn

let watching;

/** Asks the registration again and again whether the person has done their part, as long as it is their turn. */
function watchPerson(step) {
  clearTimeout(watching);
  if (step?.act && isLocal && walk.memory.registration && !walk.busy) {
    const current = walk;
    watching = setTimeout(async () => {
      await see(current, step);
      if (isTurnOf(current, step)) {
        watchPerson(step);
      }
    }, PACE);
  }
}

function isTurnOf(current, step) {
  return current === walk && !walk.busy && !walk.over && walk.steps[walk.next] === step;
}

/** Says what the registration says, and goes on if that is what the step waits for. False if it cannot be asked. */
async function see(current, step) {
  const facts = await factsOf(current.memory.registration);
  if (!isTurnOf(current, step)) {
    return true;
  }
  if (facts.status === 404) {
    end(LOST);
  } else if (facts.status === 200) {
    await seen(facts.json, step);
  }
  return facts.status === 200;
}

async function seen(facts, step) {
  const {status, events} = facts;
  const fresh = new Set(events.filter(event => !walk.seen.has(event.id)).map(event => event.event));
  const isNews = status !== walk.status || fresh.has('otp.generated') !== walk.sawCode;
  walk.sawCode = fresh.has('otp.generated');
  moveTo(facts, step.title);
  if (status === step.until) {
    const hadFocus = $('controls').contains(document.activeElement);
    await advance({status});
    if (hadFocus) {
      keepFocus();
    }
  } else if (fresh.has('claim.rejected')) {
    end(`The person has said no: the registration is ${stateName(status)}. “Start again” asks somebody else.`);
  } else if (isNews) {
    tell(`The registration is ${stateName(status)}${fresh.has('otp.generated') ? ': the page has shown a code' : ''}.`);
  }
}

/** What the person says is checked where it can be. */
async function checkDone(step) {
  const current = walk;
  if (!isLocal || !step.until) {
    await advance({});
    return;
  }
  const wasAsked = await see(current, step);
  if (isTurnOf(current, step)) {
    tell(wasAsked ? `The registration says otherwise: it is still ${stateName(walk.status)}. Press the button on the page first.`
      : 'The registration cannot be asked now whether that is so.');
  }
}

function readOut(text) {
  const code = codeIn(text);
  $('code').setAttribute('aria-invalid', String(!code));
  if (!code) {
    tell('There are no six digits in this. Paste what the page shows.');
    $('code').focus();
    return undefined;
  }
  walk.memory.code = code;
  $('code').value = '';
  return advance({});
}

/** Nothing goes on from here. */
function end(words) {
  walk.over = words;
  keep();
  showControls();
}

function factsOf(registration) {
  return send({method: 'GET', url: `${demo.issuer}/console/events?registration=${registration}`});
}

// State, rights and mail after a step

async function look(step, shown, entry) {
  const current = walk;
  const {facts, mails, rights} = await ask(current.memory);
  if (current !== walk || !current.memory.registration) {
    return;
  }
  if (facts?.status === 200) {
    const {events, ...state} = facts.json;
    entry.facts = state;
    entry.events = events.filter(event => !current.seen.has(event.id));
    note(shown, step, entry);
  }
  showAsked(mails, rights);
}

/** What the service, its mail and its API say now; nothing as long as there is no registration. */
async function ask({registration, token}) {
  if (!registration) {
    return {};
  }
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  const [facts, mails, ...rights] = await Promise.all([
    isLocal ? factsOf(registration) : undefined,
    showsOutbox ? send({method: 'GET', url: `${demo.issuer}/outbox.json`}) : undefined,
    send({method: 'GET', url: api, headers}),
    send({method: 'POST', url: api, headers}),
  ]);
  return {facts, mails, rights};
}

/** Moves the picture, and tells what was written down. */
function note(shown, step, {facts, events}) {
  if (!facts) {
    return;
  }
  if (!walk.registrations.has(facts.registration_id)) {
    walk.registrations.add(facts.registration_id);
    forgetState();
  }
  moveTo(facts, step.title);
  events.forEach(event => walk.seen.add(event.id));
  if (events.length > 0) {
    shown.audit(events);
  }
}

function showAsked(mails, rights) {
  walk.registrations.add(walk.memory.registration);
  walk.mails = mails?.json?.filter(mail => walk.registrations.has(mail.registration_id)) ?? walk.mails;
  showMails();
  showRights(rights.map(answer => answer.status === 0 ? undefined : answer), Boolean(walk.memory.token));
}

/** After a reload, or when the demo is back: what has happened meanwhile? */
async function lookAgain() {
  const current = walk;
  const {facts, mails, rights} = await ask(current.memory);
  if (current !== walk || current.busy || !rights) {
    return;
  }
  if (facts?.status === 404) {
    end(LOST);
    return;
  }
  if (facts?.status === 200) {
    moveTo(facts.json, 'something meanwhile');
  }
  showAsked(mails, rights);
  showControls();
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
    $('history').append(el('li', {}, el('strong', {}, stateName(status)), ` by: ${cause}`));
  }
  showEpoch(epoch, raised);
  if (raised) {
    $('history').append(el('li', {}, el('strong', {}, `epoch ${epoch}`), ` by: ${cause}`));
  }
  $('state-words').replaceChildren('Now ', el('strong', {}, stateName(status)), `: ${STATES[status]}. Epoch ${epoch}. `,
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
  outbox.show(walk.mails, showsOutbox ? 'No mail in this flow yet.' : mailWords());
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
  if (!document.activeElement || document.activeElement === document.body || document.activeElement?.closest('[hidden]')) {
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
  location.hash = following().id;
  return undefined;
});
when('all', 'click', runAll);
when('do', 'click', () => advance());
$('again').addEventListener('click', () => {
  forget(demo.issuer, walk.flow);
  begin(chosen());
  $('next').focus();
});
when('person', 'submit', () => {
  const step = walk.steps[walk.next];
  return step.act === 'code' ? readOut($('code').value) : checkDone(step);
});
$('address').addEventListener('submit', event => event.preventDefault());
$('recipient').addEventListener('input', () => {
  walk.memory.person = $('recipient').value;
  showControls();
});
document.addEventListener('visibilitychange', () => {
  const step = walk.steps[walk.next];
  if (!document.hidden && step?.act && isLocal && isTurnOf(walk, step)) {
    see(walk, step);
  }
});
watchServer(`${demo.issuer}/console/icon.svg`, isGone => {
  $('gone').textContent = isGone ? 'The demo does not answer. Is it still running? This page looks for it until it is back.' : '';
  $('gone').hidden = !isGone;
  if (!isGone) {
    tell('The demo answers again.');
    lookAgain();
  }
});
addEventListener('hashchange', () => {
  begin(chosen());
  $('flow-title').focus();
});
begin(chosen());
$('console').hidden = false;
