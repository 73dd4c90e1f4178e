// The operator's view: asks every other second what is new, and keeps no more of it than is shown.

import {el, stateName, svg} from './wire.js';

const PAUSE = 1500;
const SHOWN = 200;
const GONE = 'The demo does not answer. Trying again.';
const STAGES = {registered: 'Registered', asked: 'A person was asked', code_shown: 'The code was shown', completed: 'Completed'};
const BAD = /failed|rejected|refused|reused|revoked|expired|exceeded|unavailable/;
const $ = id => document.getElementById(id);

let seen = 0;
let paused = false;

async function look() {
  if (!paused) {
    try {
      const answer = await fetch(`operator/news.json?after=${seen}`);
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const news = await answer.json();
      if (!paused) {
        show(news);
        say('');
      }
    } catch {
      if (!paused) {
        say(GONE);
      }
    }
  }
  setTimeout(look, PAUSE);
}

function say(words) {
  if ($('status').textContent !== words) {
    $('status').textContent = words;
  }
}

function show({recorded, events, stages, refusals}) {
  $('operator').hidden = false;
  if (recorded < seen) {
    $('events').replaceChildren();
  }
  // What says the same is left as it stands, for whoever reads, selects or listens.
  if (recorded !== seen || $('stages').children.length === 0) {
    showStages(stages);
    showRefusals(refusals);
  }
  seen = recorded;
  showEvents(recorded, events);
  if (events.some(event => event.registration_id === chosen())) {
    showOne();
  }
}

// Charts: the table says the numbers, the bars beside them show them

function showStages(stages) {
  const all = stages.registered;
  $('stages').replaceChildren(...Object.entries(STAGES).map(([stage, label]) =>
    row(label, stages[stage], all, 'stage', all > 0 ? ` (${Math.round(100 * stages[stage] / all)} %)` : '')));
}

function showRefusals(refusals) {
  const causes = Object.entries(refusals).sort(([, one], [, other]) => other - one);
  $('refusals-none').hidden = causes.length > 0;
  $('refusals-table').hidden = causes.length === 0;
  const most = causes[0]?.[1];
  $('refusals').replaceChildren(...causes.map(([cause, count]) => row(cause, count, most, 'refusal', '')));
}

function row(label, count, whole, kind, share) {
  return el('tr', {}, el('th', {scope: 'row'}, label),
    el('td', {class: 'number'}, count.toLocaleString('en'), el('span', {class: 'soft'}, share)),
    el('td', {class: 'share'}, bar(whole > 0 ? Math.min(1, count / whole) : 0, kind)));
}

function bar(part, kind) {
  return svg('svg', {viewBox: '0 0 100 10', preserveAspectRatio: 'none', class: `bar ${kind}`, 'aria-hidden': 'true'},
    svg('rect', {class: 'whole', width: 100, height: 10}),
    svg('rect', {class: 'part', width: part > 0 ? Math.max(1, 100 * part) : 0, height: 10}));
}

// Events

function showEvents(recorded, events) {
  $('events').prepend(...events.map(event => entry(event, true)).reverse());
  while ($('events').children.length > SHOWN) {
    $('events').lastElementChild.remove();
  }
  const shown = $('events').children.length;
  $('recorded').textContent = recorded === 0 ? 'Nothing has happened yet.'
    : `${recorded.toLocaleString('en')} since the demo was started; the newest ${shown} are below, the newest first.`;
}

function entry({id, time, event, registration_id: registration, ...rest}, linked) {
  const words = Object.entries(rest).map(([key, value]) => `${key.replaceAll('_', ' ')} ${value}`).join(', ');
  const link = linked && registration
    ? el('a', {href: `#${registration}`}, registration) : '';
  return el('li', {}, el('time', {datetime: time, title: time}, clock(time)), ' ',
    el('code', {class: BAD.test(event) ? 'bad' : undefined}, event), ' ', link, ' ', el('span', {class: 'soft'}, words));
}

function clock(time) {
  return new Date(time).toLocaleTimeString('en-GB');
}

// One registration

function chosen() {
  const fragment = location.hash.slice(1);
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

async function showOne() {
  const id = chosen();
  if (!id) {
    $('one').replaceChildren(el('p', {class: 'soft'}, 'Give an id, or follow one below.'));
    return;
  }
  $('id').value = id;
  try {
    const answer = await fetch(`operator/registration.json?id=${encodeURIComponent(id)}`);
    const facts = answer.ok ? await answer.json() : undefined;
    if (id === chosen()) {
      $('one').replaceChildren(...facts ? history(facts) : [el('p', {}, answer.status === 404
        ? 'Nothing is known of this id: it never was, or is gone, and so are its events.' : 'The store cannot be reached now.')]);
    }
  } catch {
    say(GONE);
  }
}

function history({status, kind, epoch, owner, created_at: created, recorded, events}) {
  const facts = status === undefined ? [['State', 'purged: only its events are left']]
    : [['State', stateName(status)], ['Owner', owner ?? 'nobody yet'], ['Epoch', epoch], ['Kind', kind], ['Made', created]];
  const isWhole = recorded === events.length && events[0]?.event === 'registration.created';
  return [
    el('dl', {class: 'facts'}, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value))))),
    el('h3', {}, 'Its history'),
    el('p', {class: 'soft', hidden: isWhole}, 'What came before is no longer kept here.'),
    el('ol', {class: 'events history'}, ...events.map(event => entry(event, false))),
  ];
}

$('find').addEventListener('submit', event => {
  event.preventDefault();
  const id = $('id').value.trim();
  if (id === chosen()) {
    showOne();
  } else {
    location.hash = encodeURIComponent(id);
  }
});
$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  say(paused ? 'Paused: nothing is shown as it happens.' : '');
});
addEventListener('hashchange', async () => {
  await showOne();
  $('one-title').focus();
});
showOne();
look();
