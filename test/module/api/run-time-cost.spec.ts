import { describe, expect, it } from '@jest/globals';
import { transform } from '@swc/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const API = join(import.meta.dirname, '../../../lib/api');

/** What is left of a file that holds types only. */
const NOTHING = 'export{};';

async function minified(file: string): Promise<string> {
  const { code } = await transform(await readFile(join(API, file), 'utf8'), {
    filename: file,
    minify: true,
    module: { type: 'es6' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' }, minify: { compress: true, mangle: true } },
  });
  return code.trim() === NOTHING ? '' : code;
}

describe('lib/api at run time', () => {
  it('is under 3 kB minified, and knows no route', async () => {
    // The import of events is a function of its own, which bundlers leave out.
    const files = (await readdir(API, { recursive: true })).filter((file) => /^(?!import\/).*\.ts$/.test(file));
    const code = await Promise.all(files.map(minified));
    expect(code.join('').length).toBeLessThan(3_000);
    expect(files.filter((file, index) => file.startsWith('routes') && code[index] !== '')).toEqual([]);
  });
});
