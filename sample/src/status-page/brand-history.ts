import type { DidomiAuthEvent, DidomiHttpEvent } from 'nestjs-didomi';
import type { Brand } from '../brands/brand.js';
import type { NumberedEvent, Sample } from './status-update.interface.js';

export const MAX_SAMPLES = 180;
const MAX_EVENTS = 50;

interface OpenSample extends Sample {
  answered: number;
  failed: number;
  repeated: number;
  meanMs: number | null;
  slowestMs: number | null;
}

/** The recent past of one client, of bounded size. */
export class BrandHistory {
  readonly #samples: OpenSample[] = [];
  readonly #events: NumberedEvent[] = [];
  #lastEventId = 0;

  constructor(
    readonly brand: Brand,
    private readonly sampleMs: number,
  ) {}

  /** Writes down the state of this moment. */
  observe(now: number): void {
    Object.assign(this.#sampleAt(now), this.#stateAt(now));
  }

  addAuthEvent(event: DidomiAuthEvent): void {
    this.#lastEventId += 1;
    this.#events.push({ ...event, id: this.#lastEventId });
    if (this.#events.length > MAX_EVENTS) this.#events.shift();
  }

  addRequestEvent(event: DidomiHttpEvent): void {
    const sample = this.#sampleAt(event.at);
    if (event.type === 'retried' || event.type === 'replayed') sample.repeated += 1;
    if (event.type !== 'ended') return;
    const ended = sample.answered + sample.failed;
    if (event.error === undefined) sample.answered += 1;
    else sample.failed += 1;
    sample.meanMs = ((sample.meanMs ?? 0) * ended + event.durationMs) / (ended + 1);
    sample.slowestMs = Math.max(sample.slowestMs ?? 0, event.durationMs);
  }

  samplesFrom(at: number): Sample[] {
    return this.#samples.filter((sample) => sample.at >= at).map((sample) => ({ ...sample }));
  }

  eventsAfter(id: number): NumberedEvent[] {
    return this.#events.filter((event) => event.id > id);
  }

  #sampleAt(now: number): OpenSample {
    const last = this.#samples.at(-1);
    const at = now - (now % this.sampleMs);
    // A clock that was turned back goes on with the last sample.
    if (last !== undefined && last.at >= at) return last;
    const none = { answered: 0, failed: 0, repeated: 0, meanMs: null, slowestMs: null };
    const sample: OpenSample = { at, ...this.#stateAt(now), ...none };
    this.#samples.push(sample);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
    return sample;
  }

  #stateAt(now: number): Pick<Sample, 'phase' | 'usable' | 'lastFailureReason' | 'remaining'> {
    const { phase, usable, lastFailureReason, rateLimit } = this.brand.auth.status;
    // Nothing is told at the end of a window, when the limit starts anew.
    const remaining = rateLimit && (rateLimit.resetAt > now ? rateLimit.remaining : rateLimit.limit);
    return { phase, usable, lastFailureReason, remaining: remaining ?? null };
  }
}
