import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { DidomiCredentials } from '../../options/didomi-options.interface.js';

const STORE_KEY_PREFIX = 'nestjs-didomi:access-token:';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const TAG_AT = 1 + IV_BYTES;
const TEXT_AT = TAG_AT + TAG_BYTES;
/** The first byte of what is sealed, so that another format can follow this one. */
const VERSION = 1;
/** An access token is a few hundred characters; whatever is longer was not sealed here. */
const MAX_SEALED_LENGTH = 65_536;

/**
 * Where the access token of one API key is kept in a store, and in what form. Neither tells anything to who does not have the API
 * secret, and only who has it can write something that opens. What was sealed under another store key does not open either.
 */
export class AccessTokenCipher {
  readonly storeKey: string;
  readonly #key: Uint8Array;

  constructor(baseURL: string, { apiKey, apiSecret }: DidomiCredentials) {
    const hash = createHash('sha256')
      .update(JSON.stringify([baseURL, apiKey]))
      .digest('hex');
    this.storeKey = STORE_KEY_PREFIX + hash;
    this.#key = new Uint8Array(hkdfSync('sha256', apiSecret, this.storeKey, STORE_KEY_PREFIX, KEY_BYTES));
  }

  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv).setAAD(this.#additionalData());
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), encrypted]).toString('base64url');
  }

  /** Undefined for whatever was not sealed with the same credentials. Never throws. */
  open(sealed: unknown): string | undefined {
    if (typeof sealed !== 'string' || sealed.length > MAX_SEALED_LENGTH) return undefined;
    const bytes = Buffer.from(sealed, 'base64url');
    const iv = bytes.subarray(1, TAG_AT);
    const tag = bytes.subarray(TAG_AT, TEXT_AT);
    if (bytes[0] !== VERSION || tag.length !== TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(this.#additionalData()).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes.subarray(TEXT_AT)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #additionalData(): Buffer {
    return Buffer.from(this.storeKey);
  }
}
