import type { DidomiCredentials } from './didomi-options.interface.js';
import type { OptionProblems } from './option-problems.js';

const CONSOLE_HINT = "(Didomi's console, Settings > Private API keys)";

export function resolveCredentials(
  given: { readonly apiKey: unknown; readonly apiSecret: unknown; readonly credentials: unknown },
  problems: OptionProblems,
): () => Promise<DidomiCredentials> | DidomiCredentials {
  const { apiKey, apiSecret, credentials } = given;
  if (credentials !== undefined) {
    if (typeof credentials !== 'function') {
      problems.add('credentials', 'has to be a function that returns { apiKey, apiSecret }');
    }
    for (const name of ['apiKey', 'apiSecret'] as const) {
      if (given[name] !== undefined) problems.add(name, 'is set together with credentials: remove one of the two');
    }
    return credentials as () => Promise<DidomiCredentials>;
  }
  problems.text('apiKey', apiKey, `pass a private API key ${CONSOLE_HINT}`);
  problems.text('apiSecret', apiSecret, `pass the secret of the private API key ${CONSOLE_HINT}`);
  const values = { apiKey, apiSecret } as DidomiCredentials;
  return () => values;
}
