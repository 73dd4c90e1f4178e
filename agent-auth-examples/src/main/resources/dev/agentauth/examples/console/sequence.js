// The sequence picture of a flow: who speaks to whom, on which surface, and what comes back.
//
// Nothing here touches a page. `rowOf` reads a step of flows.js into a row of arrows, `pictureOf` lays rows out as a tree of SVG,
// and `markup` writes a tree as text. The console draws what has been walked, docs/pictures holds the whole flows: from
// the same steps, by the same code. Text cannot be measured without a page, so its width is estimated, and rather too large.

const NAMES = {provider: 'Provider', agent: 'Agent', service: 'Service', person: 'Person'};
const WORDS = {
  identity: 'identity surface', credential: 'credential surface', api: 'API', discovery: 'discovery', person: 'person',
  provider: 'provider', time: 'clock',
};

/** Where to draw the lifelines, from left to right: whoever speaks to each other most stands side by side. */
const ORDER = Object.keys(NAMES);

/** Below this many pixels, what a row is about has a line of its own. */
const NARROW = 480;
const PAD = 12;
const BAR = 26;

const BOLD = 0.665;
const MONO = 0.605;

// From steps to rows

/**
 * What a step is in the picture. Without an answer it is what the flow expects; a request that was not made, because the
 * person acted on the page, is told by what the step says of itself.
 *
 * @param step a step of flows.js
 * @param number its number
 * @param walked what happened: request, answer, whether it was good, whether the reader had edited the request, whether people sign in and no link is mailed
 */
export function rowOf(step, number, {request, answer, good = true, edited = false, signsIn = false} = {}) {
  const surface = step.surface ?? step.who ?? 'agent';
  const from = step.from ?? (step.who === 'person' ? 'person' : 'agent');
  const to = step.to ?? 'service';
  const arrows = step.who === 'time' ? [] : [
    {from, to, kind: 'request', text: step.says ?? calls(request)},
    ...step.mails && !signsIn && good ? [{from: 'service', to: 'person', kind: 'beside', text: 'mail with a link'}] : [],
    ...good ? step.inside ?? [] : [],
    {from: to, to: from, ...answered(step, answer, good)},
    ...step.mails && signsIn && good ? [{from: 'agent', to: 'person', kind: 'beside', text: 'the link, to sign in'}] : [],
    ...good ? step.after ?? [] : [],
  ];
  return {number, title: step.title, surface, good, edited, arrows};
}

/** All rows of a flow, as its steps say them. */
export function rowsOf(flow, memory) {
  return flow.steps.map((step, i) => {
    return rowOf(step, i + 1, {request: step.who === 'time' ? undefined : step.send(memory), answer: expected(step)});
  });
}

/** Who takes part in rows, from left to right. */
export function participantsOf(rows) {
  const present = new Set(['agent', 'service', ...rows.flatMap(row => row.arrows.flatMap(({from, to}) => [from, to]))]);
  return ORDER.filter(one => present.has(one));
}

/** What the picture shows, in words: a line for each row. */
export function wordsOf(rows) {
  return rows.map(row => {
    const said = row.arrows.map(({from, to, text}) => `${NAMES[from]} to ${NAMES[to]}: ${text}`).join('; ');
    return `${row.number}. ${row.title} (${WORDS[row.surface]})${said ? `. ${said}` : ''}.`
      + (row.edited ? ' The request was edited.' : row.good ? '' : ' That is not what the flow expects.');
  });
}

function expected({expect: [status, error]}) {
  return {status, json: error ? {error} : undefined};
}

function calls({method, url}) {
  return `${method} ${new URL(url).pathname.replace(/^.*\/console\/provider\//, '/')}`;
}

function answered({gives}, answer, good) {
  const {status, json} = answer ?? {};
  const refused = status === 0 || status >= 400;
  const words = [status === 0 ? 'no answer' : status, status >= 400 ? json?.error : undefined, good ? gives : undefined];
  return {kind: refused ? 'refusal' : 'answer', text: words.filter(word => word !== undefined).join(' ') || 'done'};
}

// From rows to a picture

/**
 * A tree of SVG.
 *
 * @param picture its title, its rows, who takes part in the whole of it, how many pixels it is wide, and whether its last row is
 *   new
 */
export function pictureOf({title, rows, participants, width, grows = false}) {
  const lanes = lanesOf(participants, width);
  const children = [];
  let y = 62;
  rows.forEach((row, i) => {
    const drawn = rowAt(row, y, lanes, width);
    const isNew = grows && i === rows.length - 1;
    children.push(node('g', {class: `row on-${row.surface}${isNew ? ' new' : ''}${row.good || row.edited ? '' : ' failed'}`}, ...drawn.nodes));
    y += drawn.height + 8;
  });
  const height = y + 6;
  return node('svg', {
    xmlns: 'http://www.w3.org/2000/svg', class: 'sequence', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-labelledby': 'picture-title picture-words',
  },
  node('title', {id: 'picture-title'}, title),
  node('desc', {id: 'picture-words'}, wordsOf(rows).join(' ')),
  node('rect', {class: 'paper', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10}),
  ...participants.map(one => node('path', {class: 'lifeline', d: `M${lanes[one]} 54V${height - 8}`})),
  ...participants.map(one => headOf(one, lanes[one])),
  ...children);
}

/** A small picture of which surfaces a flow touches, in which order: identity above, credential below, the rest between. */
export function stripOf(steps) {
  const marks = steps.map((step, i) => {
    const x = 1 + i * 8;
    return step.surface === 'identity' ? node('rect', {class: 'identity', x, y: 1, width: 6, height: 5, rx: 1})
      : step.surface === 'credential' ? node('rect', {class: 'credential', x, y: 8, width: 6, height: 5, rx: 1})
        : node('circle', {class: step.who === 'person' ? 'person' : 'other', cx: x + 3, cy: 7, r: step.who === 'person' ? 2.5 : 1.5});
  });
  const width = 2 + steps.length * 8;
  return node('svg', {
    xmlns: 'http://www.w3.org/2000/svg', class: 'strip', width, height: 14, viewBox: `0 0 ${width} 14`, 'aria-hidden': 'true',
  }, ...marks);
}

/** A tree as text. */
export function markup({name, attributes, children}) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  const inside = children.map(child => typeof child === 'string' ? escaped(child) : markup(child)).join('');
  return `<${name}${written}>${inside}</${name}>`;
}

/** A picture that stands alone, with its styles inside. */
export function standalone(tree, styles) {
  const css = styles.replace(/\/\*.*?\*\//gs, '').replace(/\s*\n\s*/g, '\n').trim();
  const [title, ...rest] = tree.children;
  const children = [title, node('style', {}, `\n${css}\n`), ...rest];
  return `${markup({...tree, children}).replaceAll('><g class="row', '>\n<g class="row')}\n`;
}

function node(name, attributes, ...children) {
  return {name, attributes, children};
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function lanesOf(participants, width) {
  const lane = (width - 2 * PAD) / participants.length;
  return Object.fromEntries(participants.map((one, i) => [one, round(PAD + lane * (i + 0.5))]));
}

function rowAt(row, top, lanes, width) {
  const narrow = width < NARROW;
  const outcome = row.edited ? ', edited' : row.good ? '' : ', not as expected';
  const word = WORDS[row.surface] + outcome;
  const size = narrow ? 12 : 13;
  const room = width - 2 * PAD - BAR - 18 - (narrow ? 0 : extent(word, 11, BOLD) + 22);
  const title = wrapped(row.title, room, size, BOLD);
  const nodes = [];
  let y = top + 6;
  title.forEach(line => {
    y += 16;
    nodes.push(text(line, PAD + BAR, y, 'title', size));
  });
  const [first, ...more] = narrow && extent(word, 11, BOLD) > room - 14 ? [WORDS[row.surface], outcome.slice(2)] : [word];
  if (narrow) {
    y += 15;
  }
  nodes.push(...wordAt(first, row.surface, narrow ? PAD + BAR : width - PAD - 8, narrow ? y : top + 22, narrow));
  more.forEach(line => {
    y += 13;
    nodes.push(text(line, PAD + BAR + 14, y, 'word', 11));
  });
  y += row.arrows.length > 0 ? 6 : 0;
  const linesFrom = y;
  const calls = [];
  row.arrows.forEach(arrow => {
    const drawn = arrowAt(arrow, y, lanes, width);
    nodes.push(...drawn.nodes);
    y = drawn.y;
    if (arrow.kind === 'request') {
      calls.push({x: lanes[arrow.to], from: y});
    } else if (!narrow && (arrow.kind === 'answer' || arrow.kind === 'refusal') && calls.length > 0) {
      const {x, from} = calls.pop();
      nodes.unshift(node('rect', {class: 'active', x: x - 3.5, y: from - 3, width: 7, height: y - from + 6, rx: 2}));
    }
    y += 5;
  });
  const height = y + 9 - top;
  const inner = row.arrows.length === 0 ? [] : Object.values(lanes).map(x => {
    return node('path', {class: 'lifeline', d: `M${x} ${linesFrom}V${top + height}`});
  });
  return {
    height,
    nodes: [
      node('rect', {class: 'band', x: PAD - 6, y: top, width: width - 2 * PAD + 12, height, rx: 7}),
      node('path', {class: 'bar', d: `M${PAD - 3} ${top + 7}V${top + height - 7}`}),
      ...inner,
      node('circle', {class: 'badge', cx: PAD + 12, cy: top + 17.5, r: 9}),
      text(String(row.number), PAD + 12, top + 21.5, 'number', 11),
      ...nodes,
    ],
  };
}

/** What a row is about: a mark, of another form for each surface, and the word. */
function wordAt(word, surface, x, y, narrow) {
  const at = narrow ? x : x - 9;
  const mark = surface === 'identity' ? node('rect', {class: 'mark', x: at, y: y - 9, width: 9, height: 4, rx: 1})
    : surface === 'credential' ? node('rect', {class: 'mark', x: at, y: y - 3.5, width: 9, height: 4, rx: 1})
      : node('circle', {class: 'mark', cx: at + 4.5, cy: y - 4, r: 2.5});
  return [mark, text(word, narrow ? x + 14 : at - 6, y, narrow ? 'word' : 'word at-end', 11)];
}

function arrowAt({from, to, kind, text: words}, top, lanes, width) {
  const size = width < NARROW ? 11 : 12;
  const room = width - 2 * PAD - 14;
  const lines = wrapped(words, room, size, MONO);
  const [a, b] = [lanes[from], lanes[to]];
  const step = Math.sign(b - a);
  const [x1, x2] = [a + step * 4, b - step * 4.5];
  let y = top;
  const nodes = lines.map(line => {
    y += size + 3;
    const half = extent(line, size, MONO) / 2;
    const x = Math.max(PAD + 4 + half, Math.min((a + b) / 2, width - PAD - 4 - half));
    return text(line, round(x), y, `label ${kind}`, size);
  });
  y += 6;
  nodes.push(node('path', {class: `arrow ${kind}`, d: `M${x1} ${y}H${x2 - step * (kind === 'request' ? 6 : 1)}`}));
  nodes.push(node('path', {
    class: `head ${kind}`,
    d: kind === 'request' ? `M${x2} ${y}l${-step * 9} -4.5v9z` : `M${x2 - step * 7} ${y - 4.5}L${x2} ${y}L${x2 - step * 7} ${y + 4.5}`,
  }));
  return {nodes, y};
}

const ICONS = {
  agent: [['rect', {x: 2, y: 5, width: 12, height: 9, rx: 2.5}], ['path', {d: 'M8 5V2M5.500 8.500v2M10.500 8.500v2'}], ['circle', {cx: 8, cy: 1.6, r: 0.9}]],
  service: [['rect', {class: 'identity', x: 1.5, y: 2, width: 13, height: 5, rx: 1.2}], ['rect', {class: 'credential', x: 1.5, y: 9, width: 13, height: 5, rx: 1.2}]],
  person: [['circle', {cx: 8, cy: 5, r: 3}], ['path', {d: 'M2 14.500c0-3.500 2.700-5 6-5s6 1.500 6 5z'}]],
  provider: [['path', {d: 'M8 1.200l5.500 2v4.300c0 3.700-2.500 6-5.500 7.300-3-1.300-5.500-3.600-5.500-7.300V3.200z'}], ['path', {d: 'M5.500 8l1.900 1.900 3.300-3.600'}]],
};

function headOf(one, x) {
  return node('g', {class: `party ${one}`},
    node('g', {class: 'icon', transform: `translate(${round(x - 8)} 11)`}, ...ICONS[one].map(([name, attributes]) => node(name, attributes))),
    text(NAMES[one], x, 45, 'name', 12.5));
}

function text(words, x, y, kind, size) {
  return node('text', {class: kind, x: round(x), y: round(y), 'font-size': size}, words);
}

function extent(words, size, factor) {
  return words.length * size * factor;
}

/** Lines that are estimated to fit. A word that is too long by itself is broken. */
function wrapped(words, room, size, factor) {
  const most = Math.max(8, Math.floor(room / (size * factor)));
  const lines = [];
  let line = '';
  for (const word of words.split(' ').flatMap(one => one.match(new RegExp(`.{1,${most}}`, 'g')) ?? [])) {
    if (line && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

function round(number) {
  return Math.round(number * 10) / 10;
}
