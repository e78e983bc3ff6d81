import { FakeDidomi } from 'nestjs-didomi/testing';
import { startDidomi } from './support/clients.mjs';

/** Very many calls at once when there is no access token yet, and when Didomi has just revoked the one in use. */
export async function stampede(report, { isQuick }) {
  const callers = isQuick ? 1_000 : 10_000;
  const fake = await FakeDidomi.start({ rateLimit: false });
  const { http, stop } = await startDidomi({ baseURL: fake.baseURL, warmup: 'lazy', timeoutMs: 300_000 });
  const count = async (name) => {
    fake.reset();
    const outcomes = await Promise.all(
      Array.from({ length: callers }, () => http.axiosRef.get('/properties').then(statusOf, statusOf)),
    );
    const failures = outcomes.filter((status) => status !== 200);
    const unauthorized = outcomes.filter((status) => status === 401).length;
    report.add(
      `${callers.toLocaleString('en')} calls at once, ${name}`,
      'library',
      `token requests: ${fake.tokenRequests}; 401s seen by callers: ${unauthorized}; other failures: ${failures.length - unauthorized}`,
      'token requests: 1; 401s: 0',
    );
  };
  await count('cold');
  fake.revokeAccessTokens();
  await count('after a revocation');
  await stop();
  await fake.stop();
}

function statusOf(outcome) {
  return outcome.status;
}
