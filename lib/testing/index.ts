export { FakeDidomi } from './fake-didomi.js';
export type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
} from './fake-didomi.types.js';
