/** The value that a share of the others lies below. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position % 1);
}

export function median(values) {
  return quantile(values, 0.5);
}

/**
 * How much each subject takes beside the base. Both are measured in each round, shortly after one another, so that whatever
 * slows the machine down slows both down: the median of the ratios of the rounds, not the ratio of two medians.
 */
export function compare(samples, base) {
  return Object.fromEntries(
    Object.entries(samples).map(([name, own]) => {
      const ratios = own.map((value, round) => value / samples[base][round]);
      return [
        name,
        { median: median(own), ratio: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) },
      ];
    }),
  );
}
