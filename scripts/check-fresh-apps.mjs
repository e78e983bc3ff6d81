/*
 * Follows the README in applications that `nest new` has just made, with the packed library and the configuration of the
 * template: installs, writes the README's files, builds, lints, runs the specs, starts, and calls the endpoints. Prints one line
 * an application, and what went wrong below it.
 *
 * node scripts/check-fresh-apps.mjs [README.md] [name of an application ...]
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FreshApp } from './fresh-apps/fresh-app.mjs';
import { run } from './fresh-apps/processes.mjs';
import { readSteps } from './fresh-apps/readme.mjs';

const NEW = ['--skip-git', '--skip-install', '--package-manager', 'npm'];
const SCHEMATICS = ['-p', '@nestjs/schematics@12', '-p', '@angular-devkit/schematics-cli', 'schematics'];
const APPLICATIONS = [
  { name: 'nest11', major: 11, type: 'cjs', generate: ['@nestjs/cli@11', 'new', 'nest11', ...NEW] },
  { name: 'nest12', major: 12, type: 'esm', generate: ['@nestjs/cli@12', 'new', 'nest12', ...NEW] },
  {
    name: 'nest12-cjs',
    major: 12,
    type: 'cjs',
    // `nest new` asks for the format, and no option answers it.
    generate: [
      ...SCHEMATICS,
      '@nestjs/schematics:application',
      '--name=nest12-cjs',
      '--type=cjs',
      '--no-dry-run',
      '--no-interactive',
    ],
    // Its own test fails on earlier versions: Jest cannot require() an ES module there, and Nest 12 has no other.
    node: 24,
  },
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [page = join(root, 'README.md'), ...names] = process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), 'nestjs-didomi-fresh-'));

async function pack() {
  await run('npm', ['pack', '--pack-destination', scratch], { cwd: root, seconds: 120 });
  const tarball = (await readdir(scratch)).find((file) => file.endsWith('.tgz'));
  return join(scratch, tarball);
}

async function tryApplication(application, steps, tarball) {
  const app = new FreshApp(application, scratch);
  await app.setUp(steps, tarball);
  await app.check(steps);
  const answers = await app.call(steps.calls);
  return `ok, answered ${answers.join(' and ')}`;
}

function canRunHere({ node = 0 }) {
  return Number(process.versions.node.split('.')[0]) >= node;
}

async function main() {
  const steps = await readSteps(resolve(page));
  const tarball = await pack();
  const chosen = APPLICATIONS.filter((application) =>
    names.length === 0 ? canRunHere(application) : names.includes(application.name),
  );
  for (const { name } of APPLICATIONS.filter((application) => !chosen.includes(application))) {
    console.log(`${name}: not tried on Node ${process.version}`);
  }
  for (const application of chosen) {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(0);
    try {
      console.log(`${application.name}: ${await tryApplication(application, steps, tarball)} (${seconds()} s)`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`FAILED ${application.name} (${seconds()} s)\n${error.message}`);
    }
  }
}

try {
  await main();
} finally {
  await rm(scratch, { recursive: true, force: true });
}
