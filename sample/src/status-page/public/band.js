import { markOf, textOf } from './event-text.js';
import { clock } from './format.js';
import { TONES, toneOf } from './phase.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARKS = { renewed: 'M0 -3.5a3.5 3.5 0 1 0 .01 0z', refused: 'M0 -5L5 4H-5z', failed: 'M-4 -4L4 4M4 -4L-4 4' };
/** Trouble stands above renewals, which often follow it at once. */
const MARK_Y = { renewed: 18, refused: 6, failed: 6 };
const BAND_Y = 26;
const BAND_HEIGHT = 16;

/** Draws the states of an access token as a band, and the events as marks above. */
export function drawBand(svg, { samples, events, from, until, sampleMs }) {
  const x = (at) => `${(((at - from) / (until - from)) * 100).toFixed(2)}%`;
  const nodes = runsOf(samples, sampleMs).map(({ tone, start, end }) => {
    const left = Math.max(start, from);
    const width = Math.min(end, until) - left;
    const rect = create('rect', { class: tone, x: x(left), y: BAND_Y, height: BAND_HEIGHT, width: x(from + width) });
    rect.append(title(`${TONES[tone]} from ${clock(start)} to ${clock(end)}`));
    return rect;
  });
  for (const event of events) {
    if (event.at < from) continue;
    const mark = markOf(event);
    // A nested svg is the only thing that can be moved by a percentage.
    const place = create('svg', { x: x(event.at), y: MARK_Y[mark], class: `mark ${mark}` });
    place.append(create('path', { d: MARKS[mark] }), title(`${clock(event.at)} ${textOf(event).join(': ')}`));
    nodes.push(place);
  }
  svg.replaceChildren(...nodes);
}

/** Samples of one tone that follow each other are one. */
function runsOf(samples, sampleMs) {
  const runs = [];
  for (const sample of samples) {
    const tone = toneOf(sample);
    const last = runs.at(-1);
    if (last?.tone === tone && last.end >= sample.at) last.end = sample.at + sampleMs;
    else runs.push({ tone, start: sample.at, end: sample.at + sampleMs });
  }
  return runs;
}

function create(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function title(text) {
  const element = create('title', {});
  element.textContent = text;
  return element;
}
