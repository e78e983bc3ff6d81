import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import { OptionProblems } from '../options/option-problems.js';
import type { OptionNames } from '../options/own-options.js';
import type { DidomiUndiciOptions, DidomiUndiciSocketOptions } from './undici-options.interface.js';

/** As many as the agents of the library have. */
const CONNECTIONS = 128;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
/** Timers of Node.js with a longer delay fire after 1 ms. */
const MAX_TIMER_MS = 2_147_483_647;

const OPTIONS: OptionNames<keyof DidomiUndiciOptions> = {
  connections: true,
  allowH2: true,
  connect: true,
  connectTimeoutMs: true,
  keepAliveTimeoutMs: true,
  dispatcher: true,
};
/** They could lead a request elsewhere, take what arrives away from undici, or undo what another option says. */
const REFUSED_OF_CONNECT: Readonly<Record<string, string>> = {
  host: 'is taken from baseURL: remove it',
  hostname: 'is taken from baseURL: remove it',
  port: 'is taken from baseURL: remove it',
  path: 'is taken from baseURL: remove it',
  socket: 'could send requests to another server: remove it',
  socketPath: 'could send requests to another server: remove it',
  httpSocket: 'could send requests to another server: remove it',
  onread: 'would read what undici has to read: remove it',
  signal: 'would end connections: use the signal of a request',
  ALPNProtocols: 'is set by the library: write undici.allowH2',
  allowH2: 'is not an option: did you mean undici.allowH2?',
  timeout: 'is not an option: did you mean undici.connectTimeoutMs?',
};

/** The options with their defaults. A `dispatcher` stands alone. */
export interface UndiciSettings {
  readonly connections: number;
  readonly allowH2: boolean;
  readonly connect: DidomiUndiciSocketOptions;
  readonly connectTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly dispatcher: DidomiUndiciOptions['dispatcher'];
}

/** @throws DidomiConfigurationError naming every problem at once, never a value. */
export function resolveUndiciOptions(options: unknown): UndiciSettings {
  const problems = new OptionProblems();
  const given = problems.group('undici', options, OPTIONS);
  const { connections, allowH2, connect, connectTimeoutMs, keepAliveTimeoutMs, dispatcher } = given;
  problems.wholeNumber('undici.connections', connections, 1, 65_535);
  problems.boolean('undici.allowH2', allowH2);
  problems.wholeNumber('undici.connectTimeoutMs', connectTimeoutMs, 1, MAX_TIMER_MS);
  problems.wholeNumber('undici.keepAliveTimeoutMs', keepAliveTimeoutMs, 1, MAX_TIMER_MS);
  if (problems.object('undici.connect', connect)) checkConnect(connect ?? {}, problems);
  if (dispatcher !== undefined) checkDispatcher(given, problems);
  if (problems.list.length > 0) throw new DidomiConfigurationError(problems.list);
  return {
    connections: (connections as number | undefined) ?? CONNECTIONS,
    allowH2: (allowH2 as boolean | undefined) ?? false,
    // A copy, so that later changes of the application's object have no effect.
    connect: { ...(connect as DidomiUndiciSocketOptions | undefined) },
    connectTimeoutMs: (connectTimeoutMs as number | undefined) ?? CONNECT_TIMEOUT_MS,
    keepAliveTimeoutMs: (keepAliveTimeoutMs as number | undefined) ?? KEEP_ALIVE_TIMEOUT_MS,
    dispatcher: dispatcher as UndiciSettings['dispatcher'],
  };
}

function checkConnect(connect: Readonly<Record<string, unknown>>, problems: OptionProblems): void {
  for (const name of Object.keys(connect)) {
    if (Object.hasOwn(REFUSED_OF_CONNECT, name)) problems.add(`undici.connect.${name}`, REFUSED_OF_CONNECT[name]!);
  }
}

function checkDispatcher(given: Readonly<Record<string, unknown>>, problems: OptionProblems): void {
  const { dispatch } = (given['dispatcher'] ?? {}) as { dispatch?: unknown };
  if (typeof dispatch !== 'function') {
    problems.add('undici.dispatcher', 'has to be a dispatcher of undici, such as an Agent');
  }
  const others = Object.keys(given).filter((name) => name !== 'dispatcher' && given[name] !== undefined);
  for (const name of others)
    problems.add(`undici.${name}`, 'is not used beside undici.dispatcher: remove one of the two');
}
