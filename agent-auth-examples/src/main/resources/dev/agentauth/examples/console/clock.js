// What time it is for the demo: its clock may have been moved.

import {send} from './server.js';

/** By how many seconds it is ahead of ours. */
let ahead = 0;

/** In milliseconds since 1970. */
export function now() {
  return Date.now() + 1000 * ahead;
}

/** Asks the demo by how much its clock was moved, if it can be, and if this page may speak to it. */
export async function askClock({issuer, clock}) {
  if (clock === 'true' && location.origin === new URL(issuer).origin) {
    const {json} = await send({method: 'GET', url: `${issuer}/console/clock`});
    ahead = json?.forward_by ?? ahead;
  }
}
