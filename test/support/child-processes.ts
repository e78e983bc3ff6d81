import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterTest } from './after-test.js';

/** Kills the process after the test if it still runs then. */
export function killAfterTest<T extends ChildProcess>(child: T): T {
  afterTest(() => kill(child));
  return child;
}

/** Kills the process if it still runs. */
export async function kill(child: ChildProcess): Promise<void> {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (!isRunning) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
