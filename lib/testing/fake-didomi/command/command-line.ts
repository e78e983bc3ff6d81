import { parseArgs } from 'node:util';
import type { FakeDidomiOptions } from '../fake-didomi.types.js';

export const NAME = 'nestjs-didomi-fake';
export const API_KEY_VARIABLE = 'FAKE_DIDOMI_API_KEY';
export const API_SECRET_VARIABLE = 'FAKE_DIDOMI_API_SECRET';

const DEFAULT_PORT = 4010;
const MAX_PORT = 65_535;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'organization-id': { type: 'string' },
  'access-token-lifetime-ms': { type: 'string' },
  seed: { type: 'string' },
  'no-rate-limit': { type: 'boolean' },
  'allow-any-organization': { type: 'boolean' },
  'allow-unversioned-paths': { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

export const HELP = `Usage: ${NAME} [options]

Starts a fake of the Didomi API on this machine. It runs until it gets SIGINT (Ctrl+C) or SIGTERM, and keeps what it is
sent in memory.

Options
  --port <number>                      TCP port, 0 for any free one (default: ${DEFAULT_PORT})
  --host <address>                     address to listen on, 0.0.0.0 for all (default: 127.0.0.1)
  --organization-id <id>               the organization that owns the API key (default: fake-organization)
  --access-token-lifetime-ms <number>  how long access tokens live, in milliseconds (default: 3600000)
  --seed <file>                        JSON file with what is stored at the start, such as
                                       { "properties": [{ "name": "Shop" }], "consentUsers": [] }
  --no-rate-limit                      answer any number of requests (default: 100 in 15 seconds)
  --allow-any-organization             accept every organization_id (default: the own one and those in the seed)
  --allow-unversioned-paths            serve paths without /v1 as well (default: answer them with a 404)
  --verbose                            log one line for each request, without its query and its ids
  -h, --help                           print this and exit
  -v, --version                        print the version and exit

Environment
  ${API_KEY_VARIABLE}                  the API key that is accepted (default: fake-api-key)
  ${API_SECRET_VARIABLE}               its API secret (default: fake-api-secret)
`;

/** What the user of the command has to change; the message is one line. */
export class UsageError extends Error {}

export interface StartCommand {
  readonly options: FakeDidomiOptions;
  readonly seedFile: string | undefined;
  readonly isVerbose: boolean;
}

/** @throws UsageError */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): 'help' | 'version' | StartCommand {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  return {
    options: {
      port: wholeNumber('port', values.port, 0, MAX_PORT) ?? DEFAULT_PORT,
      host: text('host', values.host),
      organizationId: text('organization-id', values['organization-id']),
      accessTokenLifetimeMs: wholeNumber('access-token-lifetime-ms', values['access-token-lifetime-ms'], 1),
      rateLimit: values['no-rate-limit'] ? false : undefined,
      organizations: values['allow-any-organization'] ? 'any' : undefined,
      allowUnversionedPaths: values['allow-unversioned-paths'],
      apiKey: env[API_KEY_VARIABLE] || undefined,
      apiSecret: env[API_SECRET_VARIABLE] || undefined,
    },
    seedFile: text('seed', values.seed),
    isVerbose: values.verbose ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node would repeat the argument, which may be a secret that was put there by mistake.
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      throw new UsageError('There are options only, no other arguments');
    }
    throw new UsageError(/^[^.\n]*/.exec(message)?.[0] ?? message);
  }
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new UsageError(`--${name} must not be empty`);
  return value;
}

function wholeNumber(name: string, value: string | undefined, min: number, max = Number.MAX_SAFE_INTEGER) {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `, ${min} or more` : ` from ${min} to ${max}`;
  throw new UsageError(`--${name} must be a whole number${range}`);
}
