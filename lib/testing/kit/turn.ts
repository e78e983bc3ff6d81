import { MessageChannel } from 'node:worker_threads';

/**
 * Resolves once everything is done that waits for nothing but its turn. By a message, since test runners can replace timers.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.once('message', () => {
      port1.close();
      resolve();
    });
    port2.postMessage(undefined);
  });
}
