import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtFile } from '../../support/built-file.js';

const SCRIPT = fileURLToPath(new URL('replica-process.mjs', import.meta.url));

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process with the built library, which does what it is told. */
export class Replica {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #commands = 0;

  constructor(env: Readonly<Record<string, string>>) {
    builtFile('esm/index.js');
    this.#process = fork(SCRIPT, { env: { PATH: process.env['PATH'], ...env }, execArgv: [] });
    this.#process.on('message', ({ id, result, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    this.#process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The process has ended'));
    });
  }

  async tell<T = void>(command: string, options: object = {}): Promise<T> {
    const id = (this.#commands += 1);
    return await new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#process.send({ id, command, options });
    });
  }

  /** Ends it in the middle of whatever it does. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
