import type { DidomiCredentials } from '../../options/didomi-options.interface.js';
import type { SharingSettings } from '../../options/resolve-sharing.js';
import { AccessToken, type AccessTokenWindows } from '../access-token.js';
import type { CurrentAccessToken } from '../current-access-token.js';
import type { DidomiClock } from '../didomi.clock.js';
import { Pauses } from '../pauses.js';
import { TokenRequestFailure } from '../token-request-failure.js';
import type { IssuedAccessToken } from '../token-requester.js';
import { AccessTokenCipher } from './access-token.cipher.js';
import { ForeignPart, PATIENCE_MS } from './foreign-part.js';
import { ReplicaClock } from './replica-clock.js';
import type { SharingLog } from './sharing.log.js';
import { readStored, writeStored } from './stored-access-token.js';
import { TokenRequestLock } from './token-request.lock.js';

/** Replaces an access token that Didomi has refused: whatever does not open counts as nothing. */
const NOTHING = '';

/** How often the store is looked into while no token request may be sent. */
const LOOK_EVERY_MS = 1_000;

type Request = () => Promise<IssuedAccessToken | TokenRequestFailure>;
type Result = AccessToken | IssuedAccessToken | TokenRequestFailure;

export interface SharingParts {
  readonly sharing: SharingSettings;
  readonly baseURL: string;
  readonly current: CurrentAccessToken;
  readonly windows: AccessTokenWindows;
  readonly clock: DidomiClock;
  readonly log: SharingLog;
  /** Bounds a token request, credentials, store and lock included. */
  readonly timeoutMs: number;
}

/**
 * The access token that all replicas share: looked for before a token request, and once more within the lock, since another replica
 * may have sent that token request meanwhile.
 *
 * Store and lock make token requests rarer and nothing else. What they get wrong costs a token request, and a second at most.
 */
export class SharedAccessTokens {
  readonly #pauses: Pauses;
  readonly #replicaClock: ReplicaClock;
  readonly #part: ForeignPart;
  readonly #lock: TokenRequestLock | undefined;
  readonly #patienceMs: number;
  #lastCipher: AccessTokenCipher | undefined;
  #nextLookAt = 0;

  constructor(private readonly parts: SharingParts) {
    const { clock, log, sharing, timeoutMs } = parts;
    this.#pauses = new Pauses(clock);
    this.#replicaClock = new ReplicaClock(clock);
    this.#part = new ForeignPart('tokenStore', sharing.outage, this.#pauses, log);
    const { exclusive } = sharing;
    if (exclusive !== undefined) {
      // A lock may fail for one API key, whose holder was killed, and work for all others.
      const lock = new ForeignPart('exclusive', { failing: undefined }, this.#pauses, log);
      this.#lock = new TokenRequestLock(exclusive, lock, this.#pauses);
    }
    // The token request itself needs the better part of its time.
    this.#patienceMs = Math.min(PATIENCE_MS, timeoutMs / 4);
  }

  /** The access token of another replica, or else of `request`, which is called once at most. */
  async obtain(credentials: DidomiCredentials, request: Request): Promise<Result> {
    const cipher = this.#cipherOf(credentials);
    const endsAt = this.parts.clock.monotonic() + this.#patienceMs;
    const leftMs = (): number => endsAt - this.parts.clock.monotonic();
    const found = await this.#look(cipher, leftMs(), { removesRefused: this.#lock === undefined });
    if (found.accessToken !== undefined) return found.accessToken;
    const lock = found.hasAnswered ? this.#lock : undefined;
    if (lock === undefined) return await this.request(credentials, request);
    return await new Promise((resolve, reject) => {
      const work = async (isLocked: boolean): Promise<void> => {
        const shared = isLocked
          ? (await this.#look(cipher, leftMs(), { removesRefused: true })).accessToken
          : undefined;
        const result = shared ?? (await request());
        // In this order: callers need not wait for the store, but the next replica must find there what it waits for.
        const kept = this.#keep(cipher, result);
        resolve(result);
        await kept;
      };
      // A tenth of the time is left for the second look.
      lock.run(`${cipher.storeKey}:lock`, work, leftMs() - this.#patienceMs / 10).catch(reject);
    });
  }

  /** The access token of `request`, whatever is in the store; the other replicas find it there. */
  async request(credentials: DidomiCredentials, request: Request): Promise<Result> {
    const result = await request();
    // Not waited for. A clock of the application's may fail in a way it must not.
    this.#keep(this.#cipherOf(credentials), result).catch(() => undefined);
    return result;
  }

  /** Whether it is time to look into the store again while no token request may be sent. */
  get canLook(): boolean {
    return this.#lastCipher !== undefined && this.parts.clock.monotonic() >= this.#nextLookAt;
  }

  /** The access token of another replica, by the credentials of the last token request. */
  async look(): Promise<AccessToken | undefined> {
    this.#nextLookAt = this.parts.clock.monotonic() + LOOK_EVERY_MS;
    const cipher = this.#lastCipher;
    return cipher && (await this.#look(cipher, this.#patienceMs, { canRequest: false })).accessToken;
  }

  /** Ends the waits for store and lock. */
  close(): void {
    this.#pauses.endAll();
  }

  #cipherOf(credentials: DidomiCredentials): AccessTokenCipher {
    return (this.#lastCipher = new AccessTokenCipher(this.parts.baseURL, credentials));
  }

  /**
   * @param removesRefused whether no other replica can be about to replace what is stored.
   * @param canRequest whether a token request follows if nothing is found.
   */
  async #look(
    cipher: AccessTokenCipher,
    limitMs: number,
    { removesRefused = false, canRequest = true }: { removesRefused?: boolean; canRequest?: boolean },
  ): Promise<{ readonly hasAnswered: boolean; readonly accessToken?: AccessToken }> {
    const { store } = this.parts.sharing;
    const answer = await this.#part.ask('tokenStore.get()', () => store.get(cipher.storeKey), limitMs);
    const other = this.#read(cipher.open(answer?.value));
    if (other === undefined) return { hasAnswered: answer !== undefined };
    const verdict = this.parts.current.verdictOn(other, this.parts.clock.monotonic(), canRequest);
    if (verdict === 'adopt') return { hasAnswered: true, accessToken: other };
    if (verdict === 'refused' && removesRefused) await this.#write(cipher, NOTHING, other.expiresAt, limitMs);
    return { hasAnswered: true };
  }

  #read(text: string | undefined): AccessToken | undefined {
    const stored = text === undefined ? undefined : readStored(text);
    const requestedAt = stored && this.#replicaClock.momentOf(stored.issuedAt);
    if (stored === undefined || requestedAt === undefined) return undefined;
    const { accessToken, issuedAt, expiresAt } = stored;
    return new AccessToken(accessToken, requestedAt, expiresAt - issuedAt, this.parts.windows);
  }

  async #keep(cipher: AccessTokenCipher, result: Result): Promise<void> {
    if (result instanceof TokenRequestFailure || result instanceof AccessToken) return;
    const { value, sentAt, lifetimeMs, clockOffsetMs } = result;
    this.#replicaClock.learn(clockOffsetMs);
    const issuedAt = this.#replicaClock.dateOf(sentAt);
    const text = writeStored({ accessToken: value, issuedAt, expiresAt: issuedAt + lifetimeMs });
    await this.#write(cipher, cipher.seal(text), sentAt + lifetimeMs, PATIENCE_MS);
  }

  async #write(cipher: AccessTokenCipher, value: string, until: number, limitMs: number): Promise<void> {
    const ttlMs = Math.floor(until - this.parts.clock.monotonic());
    // Stores take 0 for ever.
    if (ttlMs < 1) return;
    const { store } = this.parts.sharing;
    await this.#part.ask('tokenStore.set()', () => store.set(cipher.storeKey, value, ttlMs), limitMs);
  }
}
