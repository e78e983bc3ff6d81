export { undiciAdapter } from './undici.transport.js';
export type { DidomiUndiciOptions, DidomiUndiciSocketOptions } from './undici-options.interface.js';
