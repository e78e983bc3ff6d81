import { jest } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { format, inspect } from 'node:util';
import { pino, stdSerializers } from 'pino';

/** Collects what is written to the console. The returned function ends that and returns the text. */
export function captureConsole(): () => string {
  let text = '';
  const write = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(write));
  return () => {
    for (const spy of spies) spy.mockRestore();
    return text;
  };
}

function printedBy(logger: ConsoleLogger, value: unknown): string {
  const stop = captureConsole();
  // Nest's logger calls a function and prints what it returns.
  logger.error(typeof value === 'function' ? [value] : value);
  // Without a context at the end, early releases of Nest 11 take the value for one and convert it to a string.
  logger.error('it failed', [value], 'a context');
  logger.error({ err: value });
  logger.warn([value], 'a context');
  logger.log([value]);
  if (value instanceof Error) logger.error(value.message, value.stack);
  return stop();
}

function printedByPino(value: unknown): string {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  for (const serializers of [undefined, stdSerializers]) {
    const logger = pino({ ...(serializers && { serializers }) }, destination);
    logger.error({ err: value });
    logger.info({ res: value, req: (value as { config?: unknown }).config });
    logger.error(value, 'it failed');
    logger.info({ nested: { value } });
  }
  return text;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    const seen = new WeakSet();
    return JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part !== 'object' || part === null) return part;
      if (seen.has(part)) return '[circular]';
      seen.add(part);
      return part;
    });
  }
}

function clone(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

export const DEEP = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null } as const;

/** The ways in which a value gets into a log. */
export const PRINTERS: Readonly<Record<string, (value: unknown) => string>> = {
  inspect: (value) => inspect(value, DEEP),
  'inspect with getters': (value) => inspect(value, { ...DEEP, getters: true }),
  'inspect of a wrapper': (value) => inspect(new AggregateError([value], 'many', { cause: value }), DEEP),
  format: (value) => format('%s %o %O %j', value, value, value, clone(value)),
  JSON: (value) => json(value) + json({ ...(value as object) }),
  text: (value) => (value instanceof Error ? `${String(value)} ${value.stack}` : ''),
  'a clone': (value) => inspect(clone(value), DEEP) + json(clone(value)),
  'the logger in text': (value) => printedBy(new ConsoleLogger({ colors: false }), value),
  'the logger in text, deep': (value) => printedBy(new ConsoleLogger({ colors: false, depth: 20 }), value),
  'the logger in JSON': (value) => printedBy(new ConsoleLogger({ json: true, colors: false }), value),
  pino: printedByPino,
};
