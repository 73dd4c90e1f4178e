// The outbox as a page of its own: looks for new mail every other second.

import {mountOutbox} from './outbox.js';

const PAUSE = 2000;
const box = mountOutbox(document.getElementById('mails'));

async function look() {
  try {
    const answer = await fetch('outbox.json', {headers: {Accept: 'application/json'}});
    if (answer.ok) {
      box.show(await answer.json());
      document.getElementById('client').hidden = false;
      document.getElementById('plain').hidden = true;
    }
  } catch {
    // The demo may be starting anew; what is shown stays.
  }
  setTimeout(look, PAUSE);
}

look();
