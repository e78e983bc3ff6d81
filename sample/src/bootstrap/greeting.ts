import { DOCS_PATH } from './docs.js';

const CHOICES = JSON.stringify({
  purposes: [
    { id: 'cookies', enabled: true },
    { id: 'newsletter', enabled: null },
  ],
});

/** What to try first. The second call for a user reads what the first one has recorded. */
export function greeting(url: string): string[] {
  return [
    `Status page on ${url}/, API documentation on ${url}/${DOCS_PATH}. Try:`,
    `curl ${url}/properties`,
    `curl ${url}/brands/brand-b/notices`,
    `curl ${url}/consents/user-1 -H 'content-type: application/json' -d '${CHOICES}'`,
    `curl ${url}/consents/user-1`,
    `curl ${url}/status`,
  ];
}
