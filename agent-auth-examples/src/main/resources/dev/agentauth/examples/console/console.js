// Walks through the flows, a step at a time, and shows what the demo did.

import {askClock} from './clock.js';
import {flowsOf, sampleMemory} from './flows.js';
import {Machine} from './machine.js';
import {mountOutbox} from './outbox.js';
import {LOST, Person} from './person.js';
import {livePicture, strip} from './picture.js';
import {showRights} from './rights.js';
import {forget, load, save} from './saved.js';
import {factsOf, send, watchServer} from './server.js';
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
const machine = new Machine(isLocal);

/** What the service says to a code that is wrong, void or old: the agent asks for another. */
const NO_SUCH_CODE = new Set(['otp_invalid', 'otp_expired', 'otp_not_generated', 'invalid_user_code', 'user_code_expired',
  'claim_not_confirmed']);

const upcoming = new Upcoming($('upcoming'), demo, () => {
  walk.draft = upcoming.draft;
  keep();
});

const person = new Person(demo, () => walk, machine, {advance, end, tell, keepFocus});

/** The flow that is being walked. Whatever comes back for an earlier one is dropped. */
let walk;

/** Goes on where this tab has left off, or begins. */
function begin(flow) {
  person.stopWatching();
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
  machine.forget();
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
    ?? (step ? (isPersons ? person.wordsOf(step) : `Next: ${step.title}`)
      : after ? `Done. The next flow: ${after.title}` : 'Done. That was the last flow.');
  $('next').textContent = walk.trouble ? 'Try again' : isOver && after ? 'Next flow' : 'Next step';
  $('next').hidden = isPersons || Boolean(walk.over) || (isOver && !after);
  $('all').textContent = walk.next === 0 ? 'Run the whole flow' : 'Run the rest';
  $('all').hidden = isOver || Boolean(walk.trouble) || (isPersons && !person.canBeStoodInFor);
  $('again').hidden = walk.entries.length === 0;
  $('person').hidden = !isPersons;
  if (isPersons) {
    person.show(step, upcoming.isShown);
  }
  for (const button of $('controls').querySelectorAll('button')) {
    button.setAttribute('aria-disabled', String(walk.busy));
  }
  person.watch(step);
}

function following() {
  return flows[flows.findIndex(flow => flow.id === walk.flow.id) + 1];
}

/** Makes the request of the next step, so that it can be read before it is sent. */
function prepare(step) {
  if (!step || (step.act && !person.canBeStoodInFor) || !$('flow-note').hidden) {
    upcoming.hide();
    return;
  }
  walk.memory.person = step.person?.(walk.memory.fresh) ?? walk.memory.person;
  walk.memory.link = person.linkInMail;
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
    + (machine.status ? ` The registration is ${stateName(machine.status)}.` : ''));
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
  while (current === walk && walk.next < walk.steps.length && (person.canBeStoodInFor || !walk.steps[walk.next].act)) {
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
  picture.add(step, {request, answer, good: outcome === 'good', edited: outcome === 'edited', signsIn: person.signsIn});
  shown.finish(entry);
}

function tell(words) {
  if ($('status').textContent !== words) {
    $('status').textContent = words;
  }
}

/** Nothing goes on from here. */
function end(words) {
  walk.over = words;
  keep();
  showControls();
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

/** What the service, its clock, its mail and its API say now; nothing as long as there is no registration. */
async function ask({registration, token}) {
  if (!registration) {
    return {};
  }
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  const [facts, mails, mayRead, mayWrite] = await Promise.all([
    isLocal ? factsOf(demo, registration) : undefined,
    showsOutbox ? send({method: 'GET', url: `${demo.issuer}/outbox.json`}) : undefined,
    send({method: 'GET', url: api, headers}),
    send({method: 'POST', url: api, headers}),
    askClock(demo),
  ]);
  return {facts, mails, rights: [mayRead, mayWrite]};
}

/** Moves the picture, and tells what was written down. */
function note(shown, step, {facts, events}) {
  if (!facts) {
    return;
  }
  if (!walk.registrations.has(facts.registration_id)) {
    walk.registrations.add(facts.registration_id);
    machine.forget();
  }
  machine.moveTo(facts, step.title);
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
    machine.moveTo(facts.json, 'something meanwhile');
  }
  showAsked(mails, rights);
  showControls();
}

function showMails() {
  outbox.show(walk.mails, showsOutbox ? 'No mail in this flow yet.' : person.mailWords);
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

askClock(demo);
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
  return step.act === 'code' ? person.readOut($('code').value) : person.say(step);
});
$('address').addEventListener('submit', event => event.preventDefault());
$('recipient').addEventListener('input', () => {
  walk.memory.person = $('recipient').value;
  showControls();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    person.look();
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
