/*
 * Installs the packed library into the applications below scripts/hosts and runs them, as a customer would: the formats and
 * versions of Nest that the README promises. Those with scripts named `test:…` then run the example spec of scripts/runners in
 * these test runners. Prints one line an application, and what went wrong below it.
 *
 * node scripts/check-hosts.mjs [name of an application ...]
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';

const INSTALL_LIMIT_MS = 180_000;
const RUN_LIMIT_MS = 60_000;
/** Cases in the example spec. */
const EXAMPLES = 4;

const run = promisify(execFile);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const hosts = join(root, 'scripts/hosts');
const runners = join(root, 'scripts/runners');
const scratch = await mkdtemp(join(tmpdir(), 'nestjs-didomi-hosts-'));

async function pack() {
  await run('npm', ['run', '--silent', 'build'], { cwd: root });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch], { cwd: root });
  return join(
    scratch,
    (await readdir(scratch)).find((file) => file.endsWith('.tgz')),
  );
}

/** Installs the application and tries all of it; resolves with what was done. */
async function tryHost(name, tarball) {
  const cwd = join(scratch, name);
  await cp(join(hosts, name), cwd, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await run('npm', ['install', ...quiet, tarball], { cwd, timeout: INSTALL_LIMIT_MS, killSignal: 'SIGKILL' });

  const { main, scripts = {} } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'));
  const done = main === undefined ? [`ok ${name}`] : [await runMain(name, main, cwd)];
  const tests = Object.keys(scripts).filter((script) => script.startsWith('test:'));
  if (tests.length > 0) {
    await cp(runners, join(cwd, 'runners'), { recursive: true });
    await compile('runners', cwd);
  }
  for (const test of tests) done.push(await runTests(test, cwd));
  return done.join(', ');
}

/** The last line that the application prints; rejects unless it says ok and the application then ends by itself. */
async function runMain(name, main, cwd) {
  if (main.startsWith('./dist/')) await compile('.', cwd);
  const { stdout, stderr } = await run(process.execPath, [main], limitIn(cwd));
  const last = stdout.trimEnd().split('\n').at(-1);
  // Node ends with code 0 as well when it has nothing left to wait for, finished or not.
  if (!last.startsWith(`ok ${name} `)) throw notOk('0, but it did not say ok', stdout, stderr);
  return last;
}

/** Rejects unless a test runner says that it has run all of the example spec. */
async function runTests(script, cwd) {
  const { stdout, stderr } = await run('npm', ['run', '--silent', script], limitIn(cwd));
  // node:test, Jest and Vitest each count in their own way.
  const passed = /(?:^. pass |^Tests: +|Tests {2})(\d+)(?: passed.*)?$/m.exec(
    stripVTControlCharacters(stdout + stderr),
  )?.[1];
  if (Number(passed) !== EXAMPLES)
    throw notOk(`0, but ${script} ran ${passed} of ${EXAMPLES} examples`, stdout, stderr);
  return `${script} ${passed} passed`;
}

function compile(project, cwd) {
  return run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], limitIn(cwd));
}

function limitIn(cwd) {
  return { cwd, timeout: RUN_LIMIT_MS, killSignal: 'SIGKILL' };
}

function notOk(code, stdout, stderr) {
  return Object.assign(new Error(), { code, stdout, stderr });
}

try {
  const tarball = await pack();
  const chosen = process.argv.slice(2);
  for (const name of chosen.length > 0 ? chosen : (await readdir(hosts)).sort()) {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
    try {
      console.log(`${await tryHost(name, tarball)} (${seconds()} s)`);
    } catch (error) {
      process.exitCode = 1;
      const reason = error.killed ? 'not finished within its time limit' : `exit code ${error.code}`;
      console.log(`FAILED ${name}: ${reason} (${seconds()} s)`);
      console.log([error.cmd, error.stdout, error.stderr].filter(Boolean).join('\n'));
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
