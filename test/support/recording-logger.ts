import type { LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';

interface Line {
  readonly level: string;
  readonly context: string | undefined;
  readonly message: string;
}

/**
 * A Nest logger that keeps every line. `TestingModuleBuilder.setLogger()` and `app.useLogger()` take it.
 */
export class RecordingLogger implements LoggerService {
  readonly lines: Line[] = [];

  readonly log = this.#recorder('log');
  readonly error = this.#recorder('error');
  readonly warn = this.#recorder('warn');
  readonly debug = this.#recorder('debug');
  readonly verbose = this.#recorder('verbose');

  /** What the library wrote at these levels. */
  didomi(...levels: string[]): string[] {
    return this.lines
      .filter(({ context, level }) => context?.startsWith('Didomi') && levels.includes(level))
      .map(({ message }) => message);
  }

  #recorder(level: string): (message: unknown, ...parameters: unknown[]) => void {
    return (message, ...parameters) => {
      // Nest puts the context last, behind a stack if there is one.
      const last = parameters.at(-1);
      const context = typeof last === 'string' ? last : undefined;
      const parts = [message, ...(context === undefined ? parameters : parameters.slice(0, -1))];
      const print = (part: unknown): string =>
        typeof part === 'string' ? part : inspect(part, { depth: 20, showHidden: true });
      this.lines.push({ level, context, message: parts.map(print).join(' ') });
    };
  }
}
