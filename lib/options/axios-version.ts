import axios from 'axios';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';

/** The lower end of the peer range in package.json. */
const LOWEST = [1, 21, 0] as const;

/**
 * npm installs an Axios outside of the peer range with a warning at most, and some of those send the API secret in clear through a
 * proxy. A version that cannot be read is accepted.
 *
 * @throws DidomiConfigurationError if the installed Axios is too old.
 */
export function checkAxiosVersion(): void {
  const { VERSION: version } = axios as { readonly VERSION?: unknown };
  const numbers = typeof version === 'string' ? /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) : undefined;
  if (numbers === undefined || !isLower(numbers, LOWEST)) return;
  throw new DidomiConfigurationError([
    `the installed axios is ${numbers.join('.')}: install ${LOWEST.join('.')} or newer`,
  ]);
}

function isLower(numbers: readonly number[], others: readonly number[]): boolean {
  const index = numbers.findIndex((number, position) => number !== others[position]);
  return index !== -1 && numbers[index]! < others[index]!;
}
