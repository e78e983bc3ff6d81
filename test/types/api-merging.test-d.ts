/** Checked by `npm run typecheck`, never run: see `api.test-d.ts`. Routes of an application's own. */
import { type Didomi, DidomiApi, type DidomiPage, InjectDidomiApi } from 'nestjs-didomi';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function holds<_Claim extends true>(): void {
  // The claim is all there is.
}

interface Export {
  readonly id: string;
  readonly status: string;
}

declare module 'nestjs-didomi' {
  interface DidomiRoutes {
    /** New. */
    'GET /exports/{export_id}/runs/{id}': { query: { verbose?: boolean }; response: Export };
    'GET /exports': { response: DidomiPage<Export>; item: Export };
    /** Known, and known better. */
    'GET /languages': { response: { readonly available: readonly string[]; readonly newest: string } };
  }
}

class Merging {
  constructor(
    readonly api: DidomiApi,
    @InjectDidomiApi('brand-b') readonly apiOfB: DidomiApi,
  ) {}
}
declare const merging: Merging;
const { api } = merging;

const path = { export_id: 'e', id: 'r' };
const run = await api.request('GET /exports/{export_id}/runs/{id}', { path, query: { verbose: true } });
holds<Same<typeof run, Export>>();
for await (const { status } of api.paginate('GET /exports')) status satisfies string;
(await api.request('GET /languages')).newest satisfies string;
const user = await api.request('GET /consents/users/{id}', { path: { id: 'u' } });
holds<Same<typeof user, Didomi.ConsentUser>>();
// @ts-expect-error one of two parameters
await api.request('GET /exports/{export_id}/runs/{id}', { path: { id: 'r' } });
// @ts-expect-error not in the application's version of the route
(await api.request('GET /languages')).default satisfies string;
