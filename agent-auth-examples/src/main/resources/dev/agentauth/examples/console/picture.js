// The sequence picture in the page: it grows with each step of the walk.

import {participantsOf, pictureOf, rowOf, rowsOf, stripOf} from './sequence.js';
import {svg} from './wire.js';

/** Elements of a tree of SVG. Text stays text, and the namespace is the elements' own, not an attribute. */
export function drawn({name, attributes: {xmlns, ...attributes}, children}) {
  return svg(name, attributes, ...children.map(child => typeof child === 'string' ? child : drawn(child)));
}

/** Which surfaces the steps touch, as a mark beside a flow’s name. */
export function strip(steps) {
  return drawn(stripOf(steps));
}

/**
 * The picture in a box that scrolls by itself.
 *
 * @param box where it is drawn, as wide as the box is
 * @param memory what steps find in the memory, so that it is known who will take part before anything is sent
 */
export function livePicture(box, memory) {
  let flow;
  let parties = [];
  let rows = [];
  const draw = grows => {
    const width = Math.floor(Math.max(240, Math.min(box.clientWidth || 640, 900)));
    box.replaceChildren(drawn(pictureOf({
      title: `${flow.title}: ${new Set(rows.map(row => row.number)).size} of ${flow.steps.length} steps`, rows, participants: parties, width, grows,
    })));
    box.scrollTop = box.scrollHeight;
  };
  let width = 0;
  new ResizeObserver(() => {
    if (flow && box.clientWidth !== width) {
      width = box.clientWidth;
      draw(false);
    }
  }).observe(box);
  return {
    /** A flow from its beginning, with the steps that can be walked here. */
    begin(title, steps) {
      flow = {title, steps};
      parties = participantsOf(rowsOf(flow, memory));
      rows = [];
      draw(false);
    },
    /** A step was taken; one that is taken again, after a failure, is drawn again. */
    add(step, walked) {
      rows.push(rowOf(step, flow.steps.indexOf(step) + 1, walked));
      draw(true);
    },
  };
}
