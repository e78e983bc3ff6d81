import type { FakeDidomi } from '../fake-didomi.js';
import { API_KEY_VARIABLE, API_SECRET_VARIABLE } from './command-line.js';

/**
 * How to reach the fake and how to log in there. Credentials from the environment are not printed, only the names of
 * their variables.
 *
 * @param host as given; `undefined` for the default.
 */
export function greeting(didomi: FakeDidomi, host: string | undefined, env: NodeJS.ProcessEnv): string {
  const show = (variable: string, value: string) => (env[variable] ? `the value of ${variable}` : value);
  const quote = (variable: string, value: string) => (env[variable] ? `'"$${variable}"'` : value);
  const body = JSON.stringify({
    type: 'api-key',
    key: quote(API_KEY_VARIABLE, didomi.apiKey),
    secret: quote(API_SECRET_VARIABLE, didomi.apiSecret),
  }).replaceAll('\\"', '"');
  return `A fake Didomi listens on ${didomi.baseURL}
${host === undefined || isLoopback(host) ? '' : noteOnOtherHosts(didomi)}
Organization  ${didomi.organizationId}
API key       ${show(API_KEY_VARIABLE, didomi.apiKey)}
API secret    ${show(API_SECRET_VARIABLE, didomi.apiSecret)}

To log in:
curl ${didomi.baseURL}/sessions -H 'content-type: application/json' -d '${body}'
`;
}

function noteOnOtherHosts({ origin }: FakeDidomi): string {
  return `From other hosts and containers: http://HOST:${new URL(origin).port || 80}/v1, where HOST is the name of this machine or of its
Docker Compose service. Clients of nestjs-didomi need the option allowInsecureHttp: true there.
`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
