// The state of a registration: where it is in the state machine, its epoch beside it, and how it came there.

import {el, stateName} from './wire.js';

const STATES = {
  unclaimed: 'nobody owns it, and nobody is being asked',
  pending_claim: 'a person is being asked: a link or a code is out',
  claimed: 'a person owns it',
  expired: 'nobody claimed it in time',
  revoked: 'it has ended',
};

const $ = id => document.getElementById(id);

/** The picture of the state machine, with the words around it. */
export class Machine {
  #picture = $('machine');
  #isTold;
  #epoch;

  /** What was told last; undefined if nothing was. */
  status;

  /** @param isTold whether this demo tells what it knows about registrations */
  constructor(isTold) {
    this.#isTold = isTold;
  }

  /** There is no registration, or another one. */
  forget() {
    this.status = undefined;
    this.#epoch = undefined;
    this.#showEpoch(0);
    for (const part of this.#picture.querySelectorAll('.state, .edge')) {
      part.classList.remove('now', 'been', 'taken');
    }
    $('history').replaceChildren();
    $('state-words').textContent = this.#isTold ? 'There is no registration yet.'
      : 'This demo can be reached by others, so it does not tell what it knows about registrations.';
  }

  /** Shows what was told about the registration, and what has brought it there. */
  moveTo({registration_id: id, kind, status, epoch}, cause) {
    const raised = epoch > (this.#epoch ?? epoch);
    const before = this.status;
    this.#epoch = epoch;
    this.status = status;
    if (before !== status) {
      for (const edge of this.#picture.querySelectorAll('.edge')) {
        edge.classList.toggle('taken', edge.id === `edge-${before}-${status}`);
      }
      this.#picture.querySelector('.now')?.classList.replace('now', 'been');
      $(`state-${status}`).classList.remove('been');
      $(`state-${status}`).classList.add('now');
      $('history').append(el('li', {}, el('strong', {}, stateName(status)), ` by: ${cause}`));
    }
    this.#showEpoch(epoch);
    if (raised) {
      $('edge-epoch').classList.add('taken');
      $('history').append(el('li', {}, el('strong', {}, `epoch ${epoch}`), ` by: ${cause}`));
    }
    $('state-words').replaceChildren('Now ', el('strong', {}, stateName(status)), `: ${STATES[status]}. Epoch ${epoch}. `,
      el('code', {}, id), ` (${kind})`);
  }

  /** The first epoch is not worth a mark. */
  #showEpoch(epoch) {
    $('epoch').setAttribute('visibility', epoch > 0 ? 'visible' : 'hidden');
    $('epoch-number').textContent = `epoch ${epoch}`;
  }
}
