import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port on loopback that accepts no connection: its queue is full, and its thread sleeps. */
export async function fullListener(): Promise<{ port: number; stop: () => Promise<void> }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const queued = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  for (const socket of queued) await new Promise((resolve) => socket.once('connect', resolve));
  const stop = async (): Promise<void> => {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  };
  return { port, stop };
}
