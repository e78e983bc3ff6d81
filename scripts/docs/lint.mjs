import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from './compile.mjs';
import { root } from './projects.mjs';

/** Of what the lint of `nest new` 11 (typescript-eslint, `recommendedTypeChecked`) looks for, what a snippet may run into. */
const RULES = [
  'await-thenable',
  'no-floating-promises',
  'no-misused-promises',
  'no-redundant-type-constituents',
  'no-unnecessary-type-assertion',
  'no-unsafe-argument',
  'no-unsafe-assignment',
  'no-unsafe-call',
  'no-unsafe-member-access',
  'no-unsafe-return',
  'no-unused-vars',
  'only-throw-error',
  'prefer-promise-reject-errors',
  'require-await',
  'restrict-template-expressions',
  'unbound-method',
];

export function lint({ commonJs: { cwd, files, compiled } }) {
  const config = join(cwd, '.oxlintrc.json');
  const rules = Object.fromEntries(RULES.map((rule) => [`typescript/${rule}`, 'error']));
  writeFileSync(config, JSON.stringify({ plugins: ['typescript'], categories: { correctness: 'off' }, rules }));
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  // The folder is among those that Git ignores.
  const args = [oxlint, '--type-aware', '--no-ignore', '-c', config, '--format=json', ...compiled];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (!stdout.trimStart().startsWith('{')) return [`oxlint ended with exit code ${status}: ${stdout}${stderr}`];
  const { diagnostics, number_of_files: linted } = JSON.parse(stdout);
  if (linted !== compiled.length) return [`oxlint has read ${linted} of ${compiled.length} files`];
  return diagnostics.map(({ code, message, filename, labels }) => {
    return `${placeOf(filename, labels[0]?.span.line ?? 0, files)}: ${code}: ${message}`;
  });
}
