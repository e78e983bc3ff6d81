import { setTimeout as delay } from 'node:timers/promises';

/** Bytes in use once everything that nobody holds is gone. */
export async function heapInUse() {
  for (let i = 0; i < 4; i += 1) {
    globalThis.gc();
    await delay(20);
  }
  return process.memoryUsage().heapUsed;
}
