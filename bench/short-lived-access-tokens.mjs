import { getAdapter } from 'axios';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { startDidomi } from './support/clients.mjs';

const LIFETIME_MS = 2_000;
const CALLERS = 64;

/** Goes along with one call, down to the transport. An instance of a class, since Axios copies plain objects. */
class Probe {
  isSent = false;
}

/**
 * Many callers that never rest, and access tokens that live for two seconds.
 *
 * A call whose access token is at hand reaches the transport before the event loop gets to anything else; one that has not
 * done so by the next tick waits, and there is nothing to wait for here but a token request.
 */
export async function shortLivedAccessTokens(report, { isQuick, seconds = isQuick ? 3 : 20 }) {
  const fake = await FakeDidomi.start({ accessTokenLifetimeMs: LIFETIME_MS, rateLimit: false });
  const send = getAdapter('http');
  const adapter = (config) => {
    if (config.probe !== undefined) config.probe.isSent = true;
    return send(config);
  };
  const { http, auth, stop } = await startDidomi({ baseURL: fake.baseURL }, adapter);
  const counts = { answers: 0, unauthorized: 0, failures: 0, waited: 0 };
  const tokenRequestsBefore = fake.tokenRequests;
  const start = performance.now();
  const end = start + seconds * 1_000;

  const caller = async () => {
    while (performance.now() < end) {
      const probe = new Probe();
      const call = http.axiosRef.get('/properties', { probe });
      process.nextTick(() => {
        if (!probe.isSent) counts.waited += 1;
      });
      try {
        await call;
        counts.answers += 1;
      } catch (error) {
        counts[error.status === 401 ? 'unauthorized' : 'failures'] += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));

  const lifetimes = (performance.now() - start) / LIFETIME_MS;
  const tokenRequests = fake.tokenRequests - tokenRequestsBefore;
  const replays = fake.requests.filter(({ status }) => status === 401).length;
  report.add(
    `Access tokens of 2 s, ${CALLERS} callers, ${seconds} s`,
    'library',
    `calls answered: ${counts.answers}; 401s seen by callers: ${counts.unauthorized}; other failures: ${counts.failures}; ` +
      `calls that waited for a token request: ${counts.waited}; token requests per lifetime: ${(tokenRequests / lifetimes).toFixed(2)} ` +
      `(${auth.status.tokenRequests.failed} failed); 401s that a replay made up for: ${replays - counts.unauthorized}`,
    '401s: 0; waited: 0; per lifetime: at most 2',
  );
  await stop();
  await fake.stop();
}
