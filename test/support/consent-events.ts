import type { DidomiImportBatch } from '../../lib/api/import/consent-import.interface.js';
import type { ConsentEventInput } from '../../lib/api/routes/consents/consent-event.interface.js';
import type { TestApi } from './create-api.js';

export function eventOf(index: number): ConsentEventInput {
  return {
    user: { organization_user_id: `u${index}` },
    consents: { purposes: [{ id: 'p', enabled: index % 2 === 0 }] },
  };
}

/** Events of the users `u0`, `u1` and so on. */
export function* some(count: number): Generator<ConsentEventInput> {
  for (let index = 0; index < count; index += 1) yield eventOf(index);
}

export async function collect(batches: AsyncIterable<DidomiImportBatch>): Promise<DidomiImportBatch[]> {
  const all: DidomiImportBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

export interface Sent extends ConsentEventInput {
  readonly id: string;
}

/** The lists that were sent. */
export function sentBodies({ stub }: TestApi): Sent[][] {
  return stub.apiRequests.map(({ data }) => JSON.parse(String(data)) as Sent[]);
}

/** Answers a list as Didomi does: refused as a whole where one event of it is wrong or there already. */
export function answerLists(made: TestApi, wrong: (event: Sent) => number | undefined): void {
  made.stub.onApiRequest = ({ data }) => {
    const status = (JSON.parse(String(data)) as Sent[]).map(wrong).find((found) => found !== undefined);
    return status === undefined ? { status: 200, data: [] } : { status, data: { message: `Status ${status}` } };
  };
}
