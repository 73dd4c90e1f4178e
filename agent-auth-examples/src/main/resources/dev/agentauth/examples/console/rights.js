// What a registration may do now: what the API has just answered.

import {el} from './wire.js';

const REQUESTS = [['GET', 'takes api.read'], ['POST', 'takes api.write']];

/**
 * Shows what came back.
 *
 * @param answers to reading and to writing; undefined where there was none
 * @param hasToken whether they were asked with a token
 */
export function showRights(answers, hasToken) {
  document.getElementById('rights').replaceChildren(...REQUESTS.map(([method, scope], i) => el('tr', {},
    el('th', {scope: 'row'}, el('code', {}, `${method} /api/resource`), el('div', {class: 'soft'}, scope)),
    el('td', {}, verdict(answers[i], hasToken)))));
  const works = answers.find(answer => answer?.status === 200);
  const email = works?.json.email;
  document.getElementById('acts-for').textContent = !works ? '' : email ? `Acts for ${email}.` : 'Acts for nobody yet.';
}

function verdict(answer, hasToken) {
  if (!answer) {
    return 'not asked yet';
  }
  return answer.status === 200 ? el('span', {class: 'good'}, '✓ yes: 200')
    : el('span', {class: 'bad'}, `✗ no: ${answer.status} ${hasToken ? answer.json?.error : '(no token in hand)'}`);
}
