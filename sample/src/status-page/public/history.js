const MAX_EVENTS = 50;

/** What the server has told of one client, of the same bounded size as there. */
export class History {
  samples = [];
  events = [];
  /** Of the last access token whose lifetime is known. */
  lifetimeMs;

  constructor(sampleMs, maxSamples) {
    this.sampleMs = sampleMs;
    this.maxSamples = maxSamples;
  }

  get windowMs() {
    return this.sampleMs * this.maxSamples;
  }

  add(samples, events) {
    for (const sample of samples) {
      // The last one is sent again while it changes, and all of them after a reconnect.
      while (this.samples.length > 0 && this.samples.at(-1).at >= sample.at) this.samples.pop();
      this.samples.push(sample);
    }
    for (const event of events) {
      if (event.id <= (this.events.at(-1)?.id ?? 0)) continue;
      this.events.push(event);
      this.lifetimeMs = event.lifetimeMs ?? this.lifetimeMs;
    }
    this.samples.splice(0, this.samples.length - this.maxSamples);
    this.events.splice(0, this.events.length - MAX_EVENTS);
  }

  totals() {
    const totals = { answered: 0, failed: 0, repeated: 0 };
    for (const { answered, failed, repeated } of this.samples) {
      totals.answered += answered;
      totals.failed += failed;
      totals.repeated += repeated;
    }
    return totals;
  }
}
