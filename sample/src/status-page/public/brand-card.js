import { Actions } from './actions.js';
import { drawBand } from './band.js';
import { Charts } from './charts.js';
import { textOf } from './event-text.js';
import { clock, number, span } from './format.js';
import { sentenceOf, TONES, toneOf } from './phase.js';
import { History } from './history.js';

const SHOWN_EVENTS = 6;

/** One client: its state, its buttons, its recent past. */
export class BrandCard {
  #root;
  #parts = {};
  #name;
  #history;
  #charts;
  #actions;
  #announced;

  constructor(parent, { id, name, client, faults }, { sampleMs, maxSamples }) {
    this.#root = document.getElementById('brand').content.firstElementChild.cloneNode(true);
    for (const part of this.#root.querySelectorAll('[data-part]')) this.#parts[part.dataset.part] = part;
    this.#name = name;
    this.#history = new History(sampleMs, maxSamples);
    const { controls, result } = this.#parts;
    this.#root.id = id;
    this.#root.setAttribute('aria-label', name);
    this.#text('name', name);
    this.#text('client', client);
    this.#text('axis-start', `${span(sampleMs * maxSamples)} ago`);
    this.#text('window', `Calls in the last ${span(sampleMs * maxSamples)}`);
    this.#parts['calls-group'].setAttribute('aria-label', `Calls of ${name}`);
    this.#parts.faults.setAttribute('aria-label', `The fake Didomi of ${name}`);
    this.#parts.faults.hidden = faults === undefined;
    parent.append(this.#root);
    this.#charts = new Charts(this.#parts, this.#history);
    this.#actions = new Actions(controls, id, result);
  }

  remove() {
    this.#actions.stop();
    this.#charts.destroy();
    this.#root.remove();
  }

  update({ status, samples, events, faults }, now) {
    this.#history.add(samples, events);
    this.#showState(status, now);
    this.#showFigures(status);
    this.#showBand(now);
    this.#charts.show(status.rateLimit, now);
    this.#actions.show(faults);
    if (events.length > 0) this.#showEvents();
  }

  #showState(status, now) {
    const tone = toneOf(status);
    this.#parts.state.dataset.tone = tone;
    this.#text('phase', status.phase);
    this.#text('tone', TONES[tone]);
    const wait = status.nextAttemptAt > now ? ` Next attempt in ${span(status.nextAttemptAt - now)}.` : '';
    this.#text('sentence', sentenceOf(status) + wait);
    this.#showLife(status, now);
    // A renewal takes milliseconds: to hear of each would be a nuisance.
    const isPassing = status.phase === 'refreshing' && status.usable;
    if (!isPassing && this.#announced !== status.phase) {
      this.#announced = status.phase;
      this.#text('announcement', `${this.#name}: ${status.phase}, ${TONES[tone].toLowerCase()}. ${sentenceOf(status)}`);
    }
  }

  #showLife({ expiresAt, usable }, now) {
    this.#parts.life.hidden = !usable || expiresAt === undefined;
    if (this.#parts.life.hidden) return;
    const { lifetimeMs } = this.#history;
    const leftMs = expiresAt - now;
    this.#parts['life-bar'].style.width = `${lifetimeMs ? Math.min(100, (leftMs / lifetimeMs) * 100) : 100}%`;
    this.#text('life-text', `expires in ${span(leftMs)}`);
  }

  #showFigures({ requests, tokenRequests }) {
    const { answered, failed, repeated } = this.#history.totals();
    this.#text('answered', number(answered));
    this.#text('failed', number(failed));
    this.#text('repeated', number(repeated));
    this.#text('in-flight', number(requests?.inFlight ?? 0));
    this.#text('waiting', number(requests?.waiting ?? 0));
    this.#parts.failed.parentElement.classList.toggle('has-failures', failed > 0);
    const { sent, failed: vain } = tokenRequests;
    this.#text('tokens', `${number(sent)} token ${sent === 1 ? 'request' : 'requests'}, ${number(vain)} failed`);
  }

  #showBand(now) {
    const { samples, events, windowMs, sampleMs } = this.#history;
    drawBand(this.#parts.band, { samples, events, from: now - windowMs, until: now, sampleMs });
    const counts = events.filter(({ at }) => at >= now - windowMs).length;
    this.#parts.band.setAttribute(
      'aria-label',
      `State of the access token, with ${counts} events in ${span(windowMs)}`,
    );
  }

  #showEvents() {
    const items = this.#history.events
      .slice(-SHOWN_EVENTS)
      .reverse()
      .map((event) => {
        const [what, detail] = textOf(event);
        const item = document.createElement('li');
        const time = document.createElement('time');
        time.dateTime = new Date(event.at).toISOString();
        time.textContent = clock(event.at);
        const strong = document.createElement('strong');
        strong.textContent = what;
        item.append(time, strong, ` ${detail}`);
        item.dataset.type = event.type;
        return item;
      });
    this.#parts.events.replaceChildren(...items);
  }

  #text(part, text) {
    const element = this.#parts[part];
    if (element.textContent !== text) element.textContent = text;
  }
}
