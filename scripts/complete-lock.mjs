/*
 * Adds to package-lock.json the optional packages for other platforms that npm left out, as it does when the registry in use
 * does not have them. Without them `npm ci` calls the lock file out of sync, and other platforms would miss their binaries.
 * For maintainers, after a change of dependencies: `npm install`, then `node scripts/complete-lock.mjs`.
 *
 * The entries have no integrity, which only those who have the package could tell.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OS = /android|darwin|freebsd|linux|openharmony|win32/;
const CPU = /arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64/;
const LIBC = { gnu: 'glibc', musl: 'musl' };

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** Whether a package at `path` finds `name` by Node's rules: in its own node_modules, or in one further up. */
function isLocked(name, path) {
  if (lock.packages[join(path, 'node_modules', name)]) return true;
  return path !== '' && isLocked(name, path.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''));
}

/** What npm writes for the package of one platform; its name says which platform that is. */
function entryOf(name, version, { dev, license }) {
  const [os] = OS.exec(name) ?? [];
  const [cpu] = CPU.exec(name) ?? [];
  if (!os || !cpu || !/^\d/.test(version)) throw new Error(`${name}@${version}: the name does not tell the platform`);
  const [libc] = /gnu|musl/.exec(name) ?? [];
  // In npm's order, and JSON leaves out what is undefined.
  return { version, cpu: [cpu], dev, libc: libc && [LIBC[libc]], license, optional: true, os: [os] };
}

const added = {};
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!isLocked(name, path)) added[`node_modules/${name}`] = entryOf(name, version, entry);
  }
}

const packages = Object.entries({ ...lock.packages, ...added });
lock.packages = Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(added).length} packages added`);
