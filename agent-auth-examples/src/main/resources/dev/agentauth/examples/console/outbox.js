// A small mail client: a list, and the mail that was chosen as people see it, or as text.

import {el} from './wire.js';

const FORMS = {html: 'As HTML', text: 'As text'};

/**
 * Mounts into an element. What it returns has show(mails), which takes mails as /outbox.json has them: what was chosen
 * stays chosen, and what was not opened yet is marked.
 */
export function mountOutbox(root, words = 'There is no mail yet.') {
  const box = {
    root,
    empty: el('p', {class: 'soft'}, words),
    list: el('ul', {class: 'mail-list', 'aria-label': 'Mails, the newest first'}),
    mail: el('article', {class: 'mail-open', 'aria-label': 'The mail that was chosen'}),
    items: new Map(),
    chosen: undefined,
    form: 'html',
  };
  root.replaceChildren(box.empty, el('div', {class: 'mail-box'}, box.list, box.mail));
  const show = (mails, emptyWords = words) => update(box, mails, emptyWords);
  show([]);
  return {show};
}

function update(box, mails, words) {
  const ids = new Set(mails.map(mail => mail.id));
  for (const [id, item] of box.items) {
    if (!ids.has(id)) {
      item.remove();
      box.items.delete(id);
    }
  }
  for (const mail of [...mails].reverse()) {
    if (!box.items.has(mail.id)) {
      const item = entry(box, mail);
      box.items.set(mail.id, item);
      box.list.prepend(item);
    }
  }
  box.empty.textContent = words;
  box.empty.hidden = mails.length > 0;
  box.list.parentElement.hidden = mails.length === 0;
  if (mails.length === 0) {
    box.chosen = undefined;
  } else if (!ids.has(box.chosen)) {
    choose(box, mails[0]);
  }
}

function entry(box, mail) {
  const button = el('button', {type: 'button', class: 'unread'},
    el('span', {class: 'mail-subject'}, mail.subject), el('span', {class: 'mail-to'}, `To ${mail.to}`),
    el('span', {class: 'mail-when'}, el('span', {class: 'mail-new'}, 'New '), time(mail.sent_at)));
  button.addEventListener('click', () => choose(box, mail));
  return el('li', {}, button);
}

function choose(box, mail) {
  box.chosen = mail.id;
  for (const [id, item] of box.items) {
    const button = item.firstElementChild;
    if (id === mail.id) {
      button.classList.remove('unread');
      button.querySelector('.mail-new')?.remove();
      button.setAttribute('aria-current', 'true');
    } else {
      button.removeAttribute('aria-current');
    }
  }
  open(box, mail);
}

function open(box, mail) {
  const content = el('div', {class: 'mail-content'});
  const buttons = Object.entries(FORMS).map(([form, label]) => {
    const button = el('button', {type: 'button'}, label);
    button.addEventListener('click', () => as(form));
    return [form, button];
  });
  const as = form => {
    box.form = form;
    for (const [name, button] of buttons) {
      button.setAttribute('aria-pressed', String(name === form));
    }
    content.replaceChildren(form === 'html' ? frame(mail) : plain(mail));
  };
  box.mail.replaceChildren(
    el('h3', {}, mail.subject),
    el('dl', {class: 'mail-head'}, ...head('From', mail.from), ...head('To', mail.to), ...head('Sent', time(mail.sent_at))),
    el('div', {class: 'buttons', role: 'group', 'aria-label': 'How to show it'}, ...buttons.map(([, button]) => button)),
    content);
  as(box.form);
}

function head(name, value) {
  return [el('dt', {}, name), el('dd', {}, value)];
}

/** Nothing in it runs, and it is of no origin; its links open in a new tab. */
function frame(mail) {
  return el('iframe', {src: mail.html_path, title: `The mail: ${mail.subject}`, referrerpolicy: 'no-referrer',
    sandbox: 'allow-popups allow-popups-to-escape-sandbox'});
}

function plain(mail) {
  return el('pre', {tabindex: '0', role: 'group', 'aria-label': 'Text of the mail'}, ...withLink(mail));
}

function withLink({text, link}) {
  const at = link ? text.indexOf(link) : -1;
  return at < 0 ? [text] : [text.slice(0, at),
    el('a', {href: link, target: '_blank', rel: 'noopener noreferrer'}, link), text.slice(at + link.length)];
}

function time(instant) {
  return el('time', {datetime: instant},
    new Date(instant).toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'}));
}
