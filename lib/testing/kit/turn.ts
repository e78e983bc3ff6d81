import { MessageChannel } from 'node:worker_threads';

/**
 * Resolves after all pending microtasks, in the next turn of the event loop. Uses a message, since test runners replace timers.
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
