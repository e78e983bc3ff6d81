import type { AccessTokenListener } from './access-token.listener.js';

/** Passes on to several listeners what happens to the access token. */
export class AccessTokenListeners implements AccessTokenListener {
  constructor(private readonly listeners: readonly AccessTokenListener[]) {}

  obtained(...told: Parameters<AccessTokenListener['obtained']>): void {
    for (const listener of this.listeners) listener.obtained(...told);
  }

  failed(...told: Parameters<AccessTokenListener['failed']>): void {
    for (const listener of this.listeners) listener.failed(...told);
  }

  waiting(...told: Parameters<AccessTokenListener['waiting']>): void {
    for (const listener of this.listeners) listener.waiting(...told);
  }

  retrying(...told: Parameters<AccessTokenListener['retrying']>): void {
    for (const listener of this.listeners) listener.retrying(...told);
  }

  rejected(...told: Parameters<AccessTokenListener['rejected']>): void {
    for (const listener of this.listeners) listener.rejected(...told);
  }

  adopted(...told: Parameters<AccessTokenListener['adopted']>): void {
    for (const listener of this.listeners) listener.adopted(...told);
  }

  invalidated(...told: Parameters<AccessTokenListener['invalidated']>): void {
    for (const listener of this.listeners) listener.invalidated(...told);
  }
}
