export { FakeDidomi } from './fake-didomi/fake-didomi.js';
export type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
} from './fake-didomi/types.js';
export type { FakeDidomiSeed, FakeDidomiState } from './fake-didomi/state/state.types.js';
