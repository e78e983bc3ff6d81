import { hash } from 'node:crypto';
import type { DidomiCredentials } from '../options/didomi-options.interface.js';

const NAME_LENGTH = 8;

/** Stands for an API key where the key itself must not appear, in logs for instance. */
export function clientNameOf({ apiKey }: Pick<DidomiCredentials, 'apiKey'>): string {
  return `key-${hash('sha256', apiKey).slice(0, NAME_LENGTH)}`;
}

/** Stands for credentials, so that a map of clients has no secret for a key. */
export function credentialsIdOf({ apiKey, apiSecret }: DidomiCredentials): string {
  return hash('sha256', JSON.stringify([apiKey, apiSecret]), 'base64');
}
