// Tabs by the pattern of the WAI-ARIA Authoring Practices: one stop for Tab, arrows, Home and End go from tab to tab.

import {el} from './wire.js';

let made = 0;

/** Which tab was opened last: whoever reads curl reads it in the next step too. */
let preferred;

/** A list of tabs with their panels, each a title and what it shows. */
export function tabs(label, entries) {
  const id = `tabs-${++made}`;
  const heads = entries.map(([title], i) => el('button', {
    type: 'button', role: 'tab', id: `${id}-${i}`, class: 'tab', 'aria-controls': `${id}-panel-${i}`}, title));
  const panels = entries.map(([title, ...content], i) => el('div', {
    role: 'tabpanel', id: `${id}-panel-${i}`, class: `panel-${title.toLowerCase()}`, 'aria-labelledby': `${id}-${i}`}, ...content));
  const open = chosen => {
    heads.forEach((head, i) => {
      head.setAttribute('aria-selected', String(i === chosen));
      head.tabIndex = i === chosen ? 0 : -1;
      panels[i].hidden = i !== chosen;
    });
  };
  const choose = chosen => {
    preferred = entries[chosen][0];
    open(chosen);
    heads[chosen].focus();
  };
  heads.forEach((head, i) => {
    head.addEventListener('click', () => choose(i));
    head.addEventListener('keydown', event => {
      const to = goes(event.key, i, heads.length);
      if (to !== undefined) {
        event.preventDefault();
        choose(to);
      }
    });
  });
  open(Math.max(0, entries.findIndex(([title]) => title === preferred)));
  return el('div', {class: 'tabs'}, el('div', {role: 'tablist', class: 'tablist', 'aria-label': label}, ...heads), ...panels);
}

function goes(key, at, count) {
  switch (key) {
    case 'ArrowLeft': return (at + count - 1) % count;
    case 'ArrowRight': return (at + 1) % count;
    case 'Home': return 0;
    case 'End': return count - 1;
    default: return undefined;
  }
}
