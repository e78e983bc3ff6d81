import { parseArgs } from 'node:util';
import type { FakeDidomiOptions } from '../fake-didomi.types.js';
import { FakeDidomiUsageError } from './usage.error.js';

export const API_KEY_VARIABLE = 'FAKE_DIDOMI_API_KEY';
export const API_SECRET_VARIABLE = 'FAKE_DIDOMI_API_SECRET';
export const DEFAULT_PORT = 4010;

const MAX_PORT = 65_535;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'organization-id': { type: 'string' },
  'access-token-lifetime-ms': { type: 'string' },
  'no-rate-limit': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** What the command is asked to do. */
export type FakeDidomiCommandLine = 'help' | 'version' | FakeDidomiOptions;

/** @throws FakeDidomiUsageError */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): FakeDidomiCommandLine {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  return {
    port: wholeNumber('port', values.port, 0, MAX_PORT) ?? DEFAULT_PORT,
    host: text('host', values.host),
    organizationId: text('organization-id', values['organization-id']),
    accessTokenLifetimeMs: wholeNumber('access-token-lifetime-ms', values['access-token-lifetime-ms'], 1),
    rateLimit: values['no-rate-limit'] ? false : undefined,
    apiKey: env[API_KEY_VARIABLE] || undefined,
    apiSecret: env[API_SECRET_VARIABLE] || undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node would repeat the argument, which may be a secret that was not meant to stand there.
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      throw new FakeDidomiUsageError('There are options only, no other arguments');
    }
    throw new FakeDidomiUsageError(/^[^.\n]*/.exec(message)?.[0] ?? message);
  }
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new FakeDidomiUsageError(`--${name} must not be empty`);
  return value;
}

function wholeNumber(name: string, value: string | undefined, min: number, max = Number.MAX_SAFE_INTEGER) {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `, ${min} or more` : ` from ${min} to ${max}`;
  throw new FakeDidomiUsageError(`--${name} must be a whole number${range}`);
}
