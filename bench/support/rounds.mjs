/**
 * Measures all subjects in turn, round by round, each round in another order.
 *
 * @param subjects functions by name, each of which runs once and resolves with a number.
 * @returns the numbers by name, in the order of the rounds.
 */
export async function interleave(subjects, rounds, warmupRounds = 3) {
  const names = Object.keys(subjects);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmupRounds; round < rounds; round += 1) {
    for (const name of shuffled(names)) {
      const value = await subjects[name]();
      if (round >= 0) samples[name].push(value);
    }
  }
  return samples;
}

function shuffled(names) {
  return names
    .map((name) => ({ name, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}
