export { FakeDidomi } from './fake-didomi/fake-didomi.js';
export type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
} from './fake-didomi/types.js';
