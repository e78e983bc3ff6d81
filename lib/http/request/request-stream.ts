import { Readable } from 'node:stream';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/**
 * Looks after a body that is a stream until the adapter does: while a request waits, nobody else listens to its errors, and
 * an error that nobody listens to ends the process.
 *
 * @param failure what to reject with when it fails.
 */
export async function guardStream<T>(body: unknown, send: () => Promise<T>, failure: () => Error): Promise<T> {
  if (!(body instanceof Readable)) return await send();
  let fail: () => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = () => reject(failure())));
  body.once('error', fail);
  try {
    return await Promise.race([send(), failed]);
  } catch (error) {
    // Whatever it reads from stays open otherwise.
    body.destroy();
    throw error;
  } finally {
    body.off('error', fail);
  }
}

/** @throws DidomiRequestError for a stream that has ended before anything was sent: Axios would wait for it for ever. */
export function checkStream(body: unknown): void {
  if (body instanceof Readable && body.destroyed) throw unsentStream();
}

/** The error of a stream that has failed before anything was sent. */
export function unsentStream(): DidomiRequestError {
  return new DidomiRequestError('The body of the request is a stream that failed or was closed before it was sent');
}
