import { Chart } from './chart.js';
import { clock, duration, number, span } from './format.js';

/** The three charts of a card. The figure beside a title is that of the sample under the pointer, or else of now. */
export class Charts {
  #parts;
  #history;
  #calls;
  #latency;
  #limit;
  #rateLimit;
  #now = 0;
  #pointed;

  constructor(parts, history) {
    this.#parts = parts;
    this.#history = history;
    const onPoint = (index) => {
      this.#pointed = index;
      this.#showValues();
    };
    this.#calls = new Chart(
      parts['calls-plot'],
      {
        // Where calls failed, the bar of all calls stands behind that of the answered ones.
        series: [
          { kind: 'bars', colour: 'bad' },
          { kind: 'bars', colour: 'accent' },
        ],
        top: (max) => Math.max(4, Math.ceil(max / 2) * 2),
        format: number,
      },
      onPoint,
    );
    this.#latency = new Chart(
      parts['latency-plot'],
      { series: [{ kind: 'dots', colour: 'accent' }], isLogarithmic: true, top: powerOfTen, format: duration },
      onPoint,
    );
    this.#limit = new Chart(
      parts['limit-plot'],
      {
        series: [{ kind: 'steps', colour: 'accent' }],
        top: (max) => Math.max(this.#rateLimit?.limit ?? 100, max),
        format: number,
      },
      onPoint,
    );
  }

  show(rateLimit, now) {
    this.#rateLimit = rateLimit;
    this.#now = now;
    const { samples, windowMs } = this.#history;
    const column = (value) => samples.map(value);
    const times = column(({ at }) => at / 1_000);
    const from = now - windowMs;
    const all = column(({ answered, failed }) => (failed > 0 ? answered + failed : null));
    this.#calls.show([times, all, column(({ answered }) => answered || null)], from, now);
    this.#latency.show([times, column(({ meanMs }) => (meanMs === null ? null : Math.max(meanMs, 1)))], from, now);
    this.#limit.show([times, column(({ remaining }) => remaining)], from, now);
    this.#showValues();
    this.#describe();
  }

  destroy() {
    for (const chart of [this.#calls, this.#latency, this.#limit]) chart.destroy();
  }

  #showValues() {
    const { samples, sampleMs } = this.#history;
    const pointed = this.#pointed === undefined ? undefined : samples[this.#pointed];
    // The last one goes on.
    const sample = pointed ?? samples.at(-2) ?? samples.at(-1);
    if (sample === undefined) return;
    const prefix = pointed ? `${clock(pointed.at)}: ` : '';
    const { answered, failed, meanMs, slowestMs, remaining } = sample;
    const calls =
      failed > 0 ? `${number(answered)} answered, ${number(failed)} failed` : `${number(answered)} answered`;
    this.#text('calls-value', pointed ? `${prefix}${calls}` : `${lastSpan(sampleMs)}: ${calls}`);
    this.#text(
      'latency-value',
      meanMs === null ? `${prefix}no call` : `${prefix}${duration(meanMs)}, slowest ${duration(slowestMs)}`,
    );
    this.#text(
      'limit-value',
      remaining === null ? `${prefix}not told yet` : `${prefix}${this.#left(remaining, pointed)}`,
    );
  }

  #left(remaining, isPast) {
    const { limit, resetAt } = this.#rateLimit ?? {};
    const of = limit === undefined ? '' : ` of ${number(limit)}`;
    const reset = !isPast && resetAt > this.#now ? `, full again in ${span(resetAt - this.#now)}` : '';
    return `${number(remaining)}${of} left${reset}`;
  }

  #describe() {
    const { windowMs } = this.#history;
    const { answered, failed } = this.#history.totals();
    this.#calls.describe(`Calls in the last ${span(windowMs)}: ${number(answered)} answered, ${number(failed)} failed`);
    this.#latency.describe(`Latency of calls, at last ${this.#parts['latency-value'].textContent}`);
    this.#limit.describe(`Rate limit, at last ${this.#parts['limit-value'].textContent}`);
  }

  #text(part, text) {
    const element = this.#parts[part];
    if (element.textContent !== text) element.textContent = text;
  }
}

function powerOfTen(value) {
  return Math.max(100, 10 ** Math.ceil(Math.log10(Math.max(value, 1))));
}

function lastSpan(ms) {
  return ms === 1_000 ? 'last second' : `last ${span(ms)}`;
}
