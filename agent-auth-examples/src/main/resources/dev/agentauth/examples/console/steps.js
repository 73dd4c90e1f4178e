// Steps that were taken, as they are shown.

import {requestTabs} from './request.js';
import {explained, linked} from './terms.js';
import {overTheWire} from './tokens.js';
import {answerText, el, says, stateName, statusLine} from './wire.js';

const WHO = {agent: 'Agent', person: 'Person', provider: 'Provider', time: 'Clock'};
const SURFACES = {identity: 'Identity surface', credential: 'Credential surface', api: 'API', discovery: 'Discovery'};

/** Appends a step to the list; `seen` are the terms that need no explanation any more. */
export function showStep(list, demo, step, number, seen) {
  const who = step.who ?? 'agent';
  const line = el('span', {class: 'line'}, 'sending …');
  const details = el('details', {open: true}, el('summary', {},
    el('h3', {}, `${number}. ${step.title}`),
    el('span', {class: `tag ${who}`}, WHO[who]), ' ',
    step.surface ? el('span', {class: `tag ${step.surface}`}, SURFACES[step.surface]) : '', line));
  for (const earlier of list.querySelectorAll('details')) {
    earlier.open = false;
  }
  list.append(el('li', {class: `step of-${who} on-${step.surface ?? who}`}, details));
  return {
    add(request, answer) {
      details.append(el('div', {class: 'pair'},
        el('div', {}, el('h4', {}, 'Request'), requestTabs(request, demo)),
        el('div', {}, el('h4', {}, 'Answer'), ...overTheWire('Answer', answerText(answer)))));
    },
    finish({request, answer, outcome, status}) {
      line.replaceChildren(...answer
        ? [el('code', {}, `${request.method} ${new URL(request.url).pathname} → ${statusLine(answer)}`)] : [told(step, status)]);
      if (step.act && answer && outcome !== 'edited') {
        details.append(el('p', {class: 'soft'}, 'Done for the person: this is what the button on the page does.'));
      }
      details.append(...ENDS[outcome](step, answer, line, seen));
    },
    audit(events) {
      details.append(el('h4', {}, 'What the service wrote down (audit)'),
        el('ul', {class: 'audit'}, ...events.map(event => el('li', {}, el('code', {}, event.event), fields(event)))));
    },
    comeIntoView() {
      details.scrollIntoView({block: 'nearest',
        behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
    },
  };
}

const ENDS = {
  good: ({why, source}, answer, line, seen) => [
    el('h4', {}, 'What was decided, and why'),
    el('p', {class: 'why'}, ...explained(why, seen), ' ', el('span', {class: 'source'}, '(', ...linked(source), ')')),
  ],
  edited: (step, answer, line) => {
    line.append(' ', el('span', {class: 'tag edited'}, 'edited'));
    return [el('p', {class: 'why'}, 'You edited this request, so the flow expected nothing of the answer. ', ...quote(answer))];
  },
  bad: ({expect}, answer, line) => {
    line.append(el('strong', {class: 'bad'}, ' – not what this flow expects'));
    return [el('p', {class: 'why'}, `The flow expects ${expected(expect)}. `, ...quote(answer))];
  },
};

/** What a step expects, in words. */
export function expected([status, error]) {
  return `${status}${error ? ` ${error}` : ''}`;
}

function quote(answer) {
  const words = says(answer);
  return words ? [answer.status === 0 ? '' : 'The answer says: ', el('strong', {}, words), /[.?]$/.test(words) ? '' : '.'] : [];
}

function told({act}, status) {
  return act === 'code' ? 'the person has read the code to the agent'
    : status ? `done on the page; the registration says: ${stateName(status)}`
      : 'done on the page, says the person; this demo does not tell whether it was';
}

function fields({id, time, event, client_address: address, registration_id: registration, ...rest}) {
  const words = Object.entries(rest).map(([key, value]) => `${key} ${value}`).join(', ');
  return words ? ` ${words}` : '';
}
