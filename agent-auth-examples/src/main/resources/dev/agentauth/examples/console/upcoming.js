// The request that comes next, which can be read, and changed, before it is sent.

import {requestTabs} from './request.js';
import {el, pretty, takesBody} from './wire.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/;

/** What is shown at `root`; `changed` is told of every change that the reader makes. */
export class Upcoming {
  #demo;
  #root;
  #changed;
  #own;
  #draft;
  #parts;

  constructor(root, demo, changed) {
    this.#root = root;
    this.#demo = demo;
    this.#changed = changed;
    this.#parts = parts();
    this.#root.append(...Object.values(this.#parts.rows));
    this.#listen();
    this.hide();
  }

  /** Shows the request of a step, with what the reader has made of it, if that is known. */
  show(title, words, request, draft) {
    const isShown = !this.#root.hidden && JSON.stringify(this.#own) === JSON.stringify(request);
    this.#parts.title.textContent = title;
    this.#parts.words.replaceChildren(...words);
    if (isShown) {
      return;
    }
    this.#root.hidden = false;
    this.#own = request;
    this.#open(Boolean(draft));
    this.#fill(draft ?? draftOf(request));
  }

  /** Nothing comes next, or what does is not for this page to send. */
  hide() {
    this.#root.hidden = true;
    this.#own = undefined;
    this.#draft = undefined;
  }

  /** Whether there is a request. */
  get isShown() {
    return Boolean(this.#own);
  }

  /** What is to be sent; undefined if nothing is, or what the reader has typed cannot be. */
  get request() {
    if (!this.#own || this.#problem()) {
      return undefined;
    }
    return this.isEdited ? requestOf(this.#draft) : this.#own;
  }

  /** What the reader has made of it; undefined if nothing. */
  get draft() {
    return this.isEdited ? this.#draft : undefined;
  }

  /** Whether it is another request than the step’s own. */
  get isEdited() {
    return Boolean(this.#own) && JSON.stringify(this.#draft) !== JSON.stringify(draftOf(this.#own));
  }

  /** Leads the reader to what cannot be sent. */
  complain() {
    const problem = this.#problem();
    if (problem) {
      this.#open(true);
      this.#parts.fields[problem.field].focus();
    }
  }

  #listen() {
    const {edit, back, fields, form} = this.#parts;
    edit.addEventListener('click', () => {
      this.#open(form.hidden);
      if (!form.hidden) {
        fields.method.focus();
      }
    });
    back.addEventListener('click', () => {
      this.#fill(draftOf(this.#own));
      this.#changed();
      edit.focus();
    });
    form.addEventListener('submit', event => event.preventDefault());
    for (const event of ['input', 'change']) {
      form.addEventListener(event, () => {
        this.#draft = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]));
        this.#draw();
        this.#changed();
      });
    }
  }

  #open(isOpen) {
    this.#parts.form.hidden = !isOpen;
    this.#parts.edit.setAttribute('aria-expanded', String(isOpen));
  }

  #fill(draft) {
    this.#draft = draft;
    for (const [name, field] of Object.entries(this.#parts.fields)) {
      field.value = draft[name];
    }
    this.#draw();
  }

  #draw() {
    const {fields, problem: place, back, edited, request} = this.#parts;
    const problem = this.#problem();
    for (const [name, field] of Object.entries(fields)) {
      field.setAttribute('aria-invalid', String(problem?.field === name));
    }
    place.textContent = problem?.words ?? '';
    back.hidden = edited.hidden = !this.isEdited;
    if (!problem) {
      request.replaceChildren(requestTabs(this.request, this.#demo));
    }
  }

  #problem() {
    return this.isEdited ? problemOf(this.#draft, this.#demo.issuer) : undefined;
  }
}

function parts() {
  const fields = {
    method: el('select', {id: 'edit-method'}, ...METHODS.map(method => el('option', {}, method))),
    url: el('input', {id: 'edit-url', type: 'text', inputmode: 'url', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'none'}),
    headers: el('textarea', {id: 'edit-headers', rows: '3', spellcheck: 'false', autocomplete: 'off'}),
    body: el('textarea', {id: 'edit-body', rows: '6', spellcheck: 'false', autocomplete: 'off'}),
  };
  const labels = {method: 'Method', url: 'URL, at this demo', headers: 'Headers, one a line', body: 'Body'};
  for (const field of Object.values(fields)) {
    field.setAttribute('aria-describedby', 'edit-problem');
  }
  const title = el('h3', {id: 'upcoming-title'});
  const words = el('p', {class: 'soft'});
  const edited = el('p', {id: 'edited', hidden: true}, el('strong', {}, 'Edited.'), ' Whatever comes back, the flow does not say that '
    + 'it was expected.');
  const request = el('div', {id: 'upcoming-request'});
  const edit = el('button', {type: 'button', id: 'edit', 'aria-expanded': 'false', 'aria-controls': 'edit-form'}, 'Edit it');
  const back = el('button', {type: 'button', id: 'put-back', hidden: true}, 'Put back');
  const problem = el('p', {id: 'edit-problem', class: 'bad', role: 'alert'});
  const form = el('form', {id: 'edit-form', hidden: true},
    ...Object.entries(fields).map(([name, field]) => el('div', {class: `field ${name}`},
      el('label', {for: `edit-${name}`}, labels[name]), field)));
  const rows = {title, words, request, edited, buttons: el('div', {class: 'buttons'}, edit, back), form, problem};
  return {title, words, request, edit, back, edited, problem, form, fields, rows};
}

function draftOf({method, url, headers = {}, body = ''}) {
  return {method, url, headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n'), body: pretty(body)};
}

function requestOf({method, url, headers, body}) {
  return {
    method, url: new URL(url, document.baseURI).href,
    headers: Object.fromEntries(linesOf(headers).map(line => HEADER.exec(line).slice(1))),
    ...body === '' ? {} : {body},
  };
}

function linesOf(headers) {
  return headers.split('\n').map(line => line.trim()).filter(Boolean);
}

/** Why a draft cannot be sent by this page, and where; undefined if it can. */
function problemOf({method, url, headers, body}, issuer) {
  const {origin} = new URL(issuer);
  if (originOf(url) !== origin) {
    return {field: 'url', words: `This page may speak to ${origin} alone.`};
  }
  const words = headersProblem(headers);
  if (words) {
    return {field: 'headers', words};
  }
  return !takesBody(method) && body !== '' ? {field: 'body', words: `A browser sends no body with ${method}.`} : undefined;
}

function originOf(url) {
  try {
    return new URL(url, document.baseURI).origin;
  } catch {
    return undefined;
  }
}

function headersProblem(headers) {
  const names = new Set();
  for (const line of linesOf(headers)) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined) {
      return 'A header is a name, a colon and a value.';
    }
    if (names.has(name.toLowerCase())) {
      return `A page cannot send two headers of one name: ${name}.`;
    }
    names.add(name.toLowerCase());
    if (!isSent(name, value)) {
      return `A page cannot send ${name} with this value: the browser keeps it to itself, or the value has characters that no header may have.`;
    }
  }
  return undefined;
}

/** Browsers drop in silence what pages must not set. */
function isSent(name, value) {
  try {
    return new Request(document.baseURI, {headers: {[name]: value}}).headers.has(name);
  } catch {
    return false;
  }
}
