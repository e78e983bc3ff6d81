import type { TestClient } from './create-client.js';

/** The whole URL of the last API request. */
export function sentUrl({ http, stub }: TestClient): URL {
  return new URL(http.axiosRef.getUri(stub.apiRequests.at(-1)));
}

/** The organizations in the query of the last API request. */
export function sentOrganizations(made: TestClient): string[] {
  return sentUrl(made).searchParams.getAll('organization_id');
}
