import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { OwnConnection } from '../options/didomi-transport.interface.js';

const INSTEAD: readonly (readonly [name: keyof OwnConnection, hint: string])[] = [
  ['httpAgent', 'configure undiciAdapter()'],
  ['httpsAgent', 'configure undiciAdapter()'],
  ['proxy', 'set axios.proxy in the options'],
  ['http2Options', 'configure undiciAdapter()'],
];

/** @throws DidomiRequestError for a connection that a request brings: all requests share those of the client. */
export function refuseOwnConnection(own: OwnConnection): void {
  for (const [name, hint] of INSTEAD) {
    if (own[name] !== undefined && own[name] !== null && Object.hasOwn(own, name)) throw refusal(name, hint);
  }
  const { httpVersion } = own;
  if (httpVersion !== undefined && Number(httpVersion) === 2) {
    throw refusal('httpVersion', 'set allowH2 of undiciAdapter(), for all requests');
  }
}

export function refusal(name: string, hint: string): DidomiRequestError {
  return new DidomiRequestError(`The option ${name} of a request cannot be used with undiciAdapter(): ${hint}`);
}
