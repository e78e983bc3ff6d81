/** Checked by `npm run typecheck`, never run. */
import type { KnownRoutes } from '../../lib/api/routes/known-routes.js';
import { DOCUMENTED, REFERENCE } from './didomi-routes.js';

function none<_Claim extends never>(): void {
  // The claim is all there is.
}

type Listed = (typeof REFERENCE)[number] | (typeof DOCUMENTED)[number];

// A route that is missing, or that nobody has listed, is named by the compiler.

none<Exclude<Listed, keyof KnownRoutes>>();
none<Exclude<keyof KnownRoutes, Listed>>();
