export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/sample/test'],
  testMatch: ['**/*.spec.ts'],
  setupFiles: ['<rootDir>/test/support/quiet-testing-logger.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-didomi$': '<rootDir>/lib/index.ts',
    '^nestjs-didomi/terminus$': '<rootDir>/lib/terminus/index.ts',
    '^nestjs-didomi/testing$': '<rootDir>/lib/testing/index.ts',
    '^nestjs-didomi/undici$': '<rootDir>/lib/undici/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: true,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  restoreMocks: true,
  // Jest leaves one core unused, which on two cores means a single worker, idle while an e2e spec waits for real time.
  maxWorkers: '100%',
  // Each spec loads the modules anew, and leaves some of them in the heap of its worker. Near its limit, a worker does little
  // but collect garbage.
  workerIdleMemoryLimit: '512MB',
  // Child processes take their time on a busy machine.
  testTimeout: 30_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageThreshold: {
    './lib/auth/': { branches: 95 },
    './lib/http/': { branches: 95 },
  },
};
