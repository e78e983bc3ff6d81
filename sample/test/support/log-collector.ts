import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** A Nest logger that keeps everything it is given, as deep as a logger could print it. */
export class LogCollector implements LoggerService {
  readonly lines: string[] = [];

  readonly log = (...parts: unknown[]): void => this.#keep('log', parts);
  readonly debug = (...parts: unknown[]): void => this.#keep('debug', parts);
  readonly warn = (...parts: unknown[]): void => this.#keep('warn', parts);
  readonly error = (...parts: unknown[]): void => this.#keep('error', parts);

  get text(): string {
    return this.lines.join('\n');
  }

  #keep(level: string, parts: unknown[]): void {
    const texts = parts.map((part) =>
      typeof part === 'string' ? part : inspect(part, { depth: 10, showHidden: true }),
    );
    this.lines.push([level, ...texts].join(' '));
  }
}
