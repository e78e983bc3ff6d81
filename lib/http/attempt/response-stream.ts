import { PassThrough, Readable, finished } from 'node:stream';
import type { AxiosResponse } from 'axios';

/**
 * Puts a stream of the library's own in the place of the streamed body of an answer. Node's incoming message has the request
 * hanging on it, and Axios destroys it with errors that carry the access token: neither may reach the caller.
 *
 * @param translate the error of the body.
 * @param end is called once the connection is free of it, or at once if it is no stream.
 */
export function detachBody(response: AxiosResponse, translate: (error: unknown) => Error, end: () => void): void {
  const message: unknown = response.data;
  if (!(message instanceof Readable)) return end();
  const body = new PassThrough({
    destroy(error, callback) {
      // Frees the connection of a body that its reader leaves.
      message.destroy();
      callback(error);
    },
  });
  // Whoever does not listen to errors has no use for the body, and no fault of it may end the process.
  body.on('error', () => undefined);
  // Not by `pipeline()`, which hands the error of one stream to the other.
  finished(message, (error) => {
    if (error) body.destroy(translate(error));
    end();
  });
  response.data = message.pipe(body);
}
