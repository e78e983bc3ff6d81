export { FakeDidomi } from './fake-didomi/fake-didomi.js';
export type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
  FakeDidomiSeed,
  FakeDidomiState,
} from './fake-didomi/fake-didomi.types.js';
export { DidomiClientsTestingModule } from './didomi-clients-testing.module.js';
export { DidomiTestingModule } from './didomi-testing.module.js';
export { DidomiTestingController } from './didomi-testing.controller.js';
export type { DidomiTestingOptions } from './didomi-testing-options.interface.js';
export { getDidomiTestingControllerToken } from './didomi-testing.tokens.js';
export type { DidomiTestRequest } from './kit/didomi-test-request.js';
export type { DidomiTestMatch } from './kit/request-match.js';
export type { DidomiTestMatchOptions } from './kit/route-types.js';
export type { DidomiStandingAnswers } from './kit/standing-answers.js';
export type { DidomiTestAnswerOptions, DidomiTestFailure } from './kit/test-answer.js';
