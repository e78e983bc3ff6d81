import type { FakeBrands } from '../fake/fake-brands.js';
import { type BrandHistory, MAX_SAMPLES } from './brand-history.js';
import type { StatusRecorder } from './status-recorder.service.js';
import type { BrandUpdate, StatusUpdate } from './status-update.interface.js';

interface Position {
  sampleAt: number;
  eventId: number;
  /** The last update, to tell whether there is anything new. */
  sent: string;
}

/** What one page has been sent already. */
export class StatusCursor {
  readonly #positions: ReadonlyMap<BrandHistory, Position>;

  constructor(
    private readonly recorder: StatusRecorder,
    private readonly fakes: FakeBrands | undefined,
  ) {
    this.#positions = new Map(recorder.histories.map((history) => [history, { sampleAt: 0, eventId: 0, sent: '' }]));
  }

  /** What the page does not have yet; `undefined` if it has everything. */
  next(): StatusUpdate | undefined {
    this.recorder.observe();
    const brands = [...this.#positions].flatMap(([history, position]) => this.#nextOf(history, position) ?? []);
    if (brands.length === 0) return undefined;
    const { run, sampleMs } = this.recorder;
    return { run, now: Date.now(), sampleMs, maxSamples: MAX_SAMPLES, brands };
  }

  #nextOf(history: BrandHistory, position: Position): BrandUpdate | undefined {
    const { id, name, client, auth } = history.brand;
    const update: BrandUpdate = {
      id,
      name,
      client,
      status: auth.status,
      samples: history.samplesFrom(position.sampleAt),
      events: history.eventsAfter(position.eventId),
      ...(this.fakes && { faults: this.fakes.find(id).faults }),
    };
    const text = JSON.stringify(update);
    if (text === position.sent) return undefined;
    position.sent = text;
    position.sampleAt = update.samples.at(-1)?.at ?? position.sampleAt;
    position.eventId = update.events.at(-1)?.id ?? position.eventId;
    return update;
  }
}
