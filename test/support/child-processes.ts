import { afterEach } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const children: ChildProcess[] = [];

// A child that outlives its test keeps Jest from ending, above all when the test has failed.
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
});

/** Kills the process after the test if it still runs then. */
export function killAfterTest<T extends ChildProcess>(child: T): T {
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (!isRunning) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
