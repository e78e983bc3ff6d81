import { jest } from '@jest/globals';

/** Makes `Math.random()` return this number while `run` runs, and not longer: Nest needs different ones when it starts. */
export async function withRandom(random: number, run: () => Promise<void>): Promise<void> {
  const spy = jest.spyOn(Math, 'random').mockReturnValue(random);
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
}
