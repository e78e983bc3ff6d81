import { OptionDefaults } from 'typedoc';

/** @type {import('typedoc').TypeDocOptions} */
export default {
  name: 'nestjs-didomi',
  entryPoints: ['lib/index.ts', 'lib/testing/index.ts'],
  tsconfig: 'tsconfig.build.json',
  out: 'api-reference',
  readme: 'none',
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  blockTags: [...OptionDefaults.blockTags, '@publicApi'],
  excludeTags: [...OptionDefaults.excludeTags, '@publicApi'],
  requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
  // Parts of the types that name them. Nobody writes these names.
  intentionallyNotExported: [
    'lib/errors/didomi-api.error.ts:DidomiApiFacts',
    'lib/errors/didomi-authentication.error.ts:DidomiAuthenticationFacts',
    'lib/errors/didomi-transport.error.ts:DidomiTransportFacts',
    'lib/http/request/didomi-axios-instance.interface.ts:DidomiAxiosCall',
    'lib/http/request/didomi-axios-instance.interface.ts:DidomiAxiosMethods',
    'lib/http/request/didomi-axios-instance.interface.ts:MethodNames',
    'lib/testing/fake-didomi/fake-didomi.types.ts:Delayed',
    'lib/testing/fake-didomi/fake-didomi.types.ts:FakeDidomiStateEntity',
  ],
  validation: { invalidLink: true, invalidPath: true, notDocumented: true, notExported: true },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
