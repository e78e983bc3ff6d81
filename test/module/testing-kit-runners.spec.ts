import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'test/support/red-tests');

/** All that a process has written, whether it succeeds or not. */
function outputOf(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } };
    execFile(process.execPath, args, options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

const runners = {
  Jest: async () => {
    const config = JSON.stringify({
      rootDir: root,
      roots: [fixtures],
      testMatch: ['**/*.fixture.mjs'],
      moduleFileExtensions: ['mjs', 'js', 'json'],
      moduleNameMapper: {
        '^nestjs-didomi$': '<rootDir>/dist/esm/index.js',
        '^nestjs-didomi/testing$': '<rootDir>/dist/esm/testing/index.js',
      },
      transform: {},
    });
    const jest = 'node_modules/jest/bin/jest.js';
    const output = await outputOf('--experimental-vm-modules', jest, '--verbose', '--runInBand', '--config', config);
    return {
      output,
      diff: '+ GET',
      red: /✕ red: /g,
      green: /✓ green: /g,
      falseGreen: /✓ red: /g,
      falseRed: /✕ green: /g,
    };
  },
  'node:test': async () => {
    const globals = join(fixtures, 'node-test-globals.mjs');
    const files = ['a-red', 'b-green'].map((name) => join(fixtures, `${name}.fixture.mjs`));
    const output = await outputOf('--import', globals, '--test', '--test-reporter=tap', ...files);
    return {
      output,
      diff: "'GET' !== 'POST'",
      red: /^ *not ok \d+ - red: /gm,
      green: /^ *ok \d+ - green: /gm,
      falseGreen: /^ *ok \d+ - red: /gm,
      falseRed: /^ *not ok \d+ - green: /gm,
    };
  },
};

describe.each(Object.entries(runners))('a test that fails in %s', (_name, run) => {
  it('is reported, and ends neither the process nor a later test', async () => {
    const { output, diff, red, green, falseGreen, falseRed } = await run();
    const count = (pattern: RegExp): number => output.match(pattern)?.length ?? 0;
    expect(output).toContain(diff);
    expect(output).not.toMatch(/unhandledRejection|client is closed/);
    expect({ red: count(red), green: count(green) }).toEqual({ red: 11, green: 6 });
    expect({ falseGreen: count(falseGreen), falseRed: count(falseRed) }).toEqual({ falseGreen: 0, falseRed: 0 });
  });
});
