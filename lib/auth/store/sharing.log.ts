/** Is told whether the access token can be shared. Must not throw. */
export interface SharingLog {
  /** The store, or the lock, does not work. Called once until it does. */
  sharingFailed(message: string): void;
  sharingRestored(message: string): void;
}
