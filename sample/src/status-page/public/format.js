const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** The time of day. */
export function clock(epochMs) {
  return CLOCK.format(epochMs);
}

export function number(value) {
  return NUMBER.format(value);
}

/** A span in words: `17 s`, `4 min 10 s`, `1 h 2 min`. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A duration of a call: `4 ms`, `1.2 s`. */
export function duration(ms) {
  if (ms < 1) return '< 1 ms';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1).replace('.0', '')} s`;
}
