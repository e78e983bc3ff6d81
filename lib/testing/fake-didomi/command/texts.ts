import type { FakeDidomi } from '../fake-didomi.js';
import { API_KEY_VARIABLE, API_SECRET_VARIABLE, DEFAULT_PORT } from './command-line.js';

export const NAME = 'nestjs-didomi-fake';

export const HELP = `Usage: ${NAME} [options]

Starts a fake of the Didomi API on this machine. It runs until it gets SIGINT (Ctrl+C) or SIGTERM, and keeps what it is
sent in memory.

Options
  --port <number>                      TCP port, 0 for any free one (default: ${DEFAULT_PORT})
  --host <address>                     address to listen on (default: 127.0.0.1)
  --organization-id <id>               the organization that owns the API key (default: fake-organization)
  --access-token-lifetime-ms <number>  how long access tokens live, in milliseconds (default: 3600000)
  --no-rate-limit                      answer any number of requests (default: 100 in 15 seconds)
  -h, --help                           print this and end
  -v, --version                        print the version and end

Environment
  ${API_KEY_VARIABLE}                  the API key that is accepted (default: fake-api-key)
  ${API_SECRET_VARIABLE}               its API secret (default: fake-api-secret)
`;

/** Where the fake is and how to log in there; of credentials from the environment it gives the names only. */
export function greeting(didomi: FakeDidomi, env: NodeJS.ProcessEnv): string {
  const show = (variable: string, value: string) => (env[variable] ? `the value of ${variable}` : value);
  const quote = (variable: string, value: string) => (env[variable] ? `'"$${variable}"'` : value);
  const body = JSON.stringify({
    type: 'api-key',
    key: quote(API_KEY_VARIABLE, didomi.apiKey),
    secret: quote(API_SECRET_VARIABLE, didomi.apiSecret),
  }).replaceAll('\\"', '"');
  return `A fake Didomi listens on ${didomi.baseURL}

Organization  ${didomi.organizationId}
API key       ${show(API_KEY_VARIABLE, didomi.apiKey)}
API secret    ${show(API_SECRET_VARIABLE, didomi.apiSecret)}

To log in:
curl ${didomi.baseURL}/sessions -H 'content-type: application/json' -d '${body}'
`;
}
