import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));

const run = promisify(execFile);

export interface Manifest {
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

/** The library as npm packs it, unpacked into the `node_modules` of an empty application. */
export class PackedLibrary {
  private constructor(
    /** Its `node_modules` hold the library and what that declares, nothing else. */
    readonly application: string,
    readonly manifest: Manifest,
    /** Of the library, relative to it. */
    readonly files: readonly string[],
  ) {}

  /** @param others packages that the application uses besides. */
  static async unpack(...others: string[]): Promise<PackedLibrary> {
    if (!existsSync(join(repository, 'dist/esm/index.js')))
      throw new Error('There is no dist: run npm run build first');
    const application = await realpath(await mkdtemp(join(tmpdir(), 'nestjs-didomi-')));
    const library = join(application, 'node_modules/nestjs-didomi');
    await mkdir(library, { recursive: true });
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', application], { cwd: repository });
    const tarball = (await readdir(application)).find((name) => name.endsWith('.tgz')) ?? 'no tarball';
    await run('tar', ['-xzf', join(application, tarball), '-C', library, '--strip-components=1']);

    const manifest = JSON.parse(await readFile(join(library, 'package.json'), 'utf8')) as Manifest;
    const entries = await readdir(library, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(library, posix.join(entry.parentPath, entry.name)))
      .sort();
    const packed = new PackedLibrary(application, manifest, files);
    // Links, so that there is one copy of each peer.
    for (const name of [...packed.declared, ...others]) await packed.#link(name);
    return packed;
  }

  get folder(): string {
    return join(this.application, 'node_modules/nestjs-didomi');
  }

  /** The packages that it depends on. */
  get declared(): string[] {
    return [...Object.keys(this.manifest.dependencies), ...Object.keys(this.manifest.peerDependencies ?? {})];
  }

  async text(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }

  /** What Node.js prints, run in the application. */
  async node(...args: string[]): Promise<string> {
    return (await run(process.execPath, args, { cwd: this.application })).stdout;
  }

  async remove(): Promise<void> {
    await rm(this.application, { recursive: true, force: true });
  }

  async #link(name: string): Promise<void> {
    const link = join(this.application, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(repository, 'node_modules', name), link);
  }
}
