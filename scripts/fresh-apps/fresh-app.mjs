import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort } from '../free-port.mjs';
import { withImportsOf } from './readme.mjs';
import { run, startServer } from './processes.mjs';

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** One application as `nest new` makes it, its configuration untouched. */
export class FreshApp {
  #folder;

  constructor({ name, major, type, generate }, parent) {
    Object.assign(this, { name, major, type, generate });
    this.parent = parent;
    this.#folder = join(parent, name);
  }

  /** `nest new`, the install line of the README with the tarball in place of the package, and the README's files. */
  async setUp({ files, env, install }, tarball) {
    await run('npx', ['-y', ...this.generate], { cwd: this.parent, seconds: 120 });
    const [npm, ...args] = install(this.major).split(' ');
    const packages = args.map((arg) => (/(^|\/)nestjs-didomi/.test(arg) ? tarball : arg));
    await run(npm, [...packages, ...QUIET], { cwd: this.#folder, seconds: 300 });
    await this.#write('.env', env);
    for (const [name, text] of files) await this.#write(name, withImportsOf(this.type, text));
  }

  /** Builds, lints and tests by the scripts of the template. */
  async check({ files }) {
    for (const script of ['build', 'lint', 'test', 'test:e2e']) {
      const { stdout } = await run('npm', ['run', script], { cwd: this.#folder, seconds: 150 });
      // Warnings do not fail a linter, and the template's own main.ts has one.
      const warned = script === 'lint' && [...files.keys()].some((name) => stdout.includes(name));
      if (warned) throw new Error(`npm run lint warns of the README's files:\n${stdout}`);
    }
  }

  /** Starts the application and the fake server, and calls it as the README does. */
  async call(calls) {
    const bin = JSON.parse(await readFile(join(this.#folder, 'node_modules/nestjs-didomi/package.json'), 'utf8')).bin;
    const command = join('node_modules/nestjs-didomi', bin['nestjs-didomi-fake']);
    const ready = /(http:\/\/127\.0\.0\.1:\d+\/v1)\n/;
    const didomi = await startServer([command, '--port', '0'], { cwd: this.#folder, ready });
    try {
      return await this.#callWith(didomi.match[1], calls);
    } finally {
      await didomi.stop();
    }
  }

  async #callWith(baseURL, calls) {
    const port = await freePort();
    const env = { PORT: String(port), DIDOMI_BASE_URL: baseURL };
    const app = await startServer(['dist/main'], { cwd: this.#folder, env, ready: /successfully started/ });
    try {
      const answers = [];
      for (const line of calls) {
        const command = line
          .replace('localhost:3000', `127.0.0.1:${port}`)
          .replace(/^curl /, 'curl -fsS --retry 5 --retry-connrefused ');
        answers.push((await run('sh', ['-c', command], { cwd: this.#folder, seconds: 30 })).stdout);
      }
      return answers;
    } finally {
      await app.stop();
    }
  }

  async #write(name, text) {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
