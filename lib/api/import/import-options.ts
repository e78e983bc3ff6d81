import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { OptionProblems } from '../../options/option-problems.js';
import type { DidomiImportOptions } from './consent-import.interface.js';

const MAX_BATCH_SIZE = 100;

const NAMES: Record<keyof DidomiImportOptions, true> = {
  importId: true,
  startIndex: true,
  batchSize: true,
  maxConcurrent: true,
  signal: true,
  onProgress: true,
  query: true,
  timeoutMs: true,
  didomi: true,
};

type Defaulted = 'startIndex' | 'batchSize' | 'maxConcurrent';

/** Checked options, with defaults. */
export type ImportOptions = DidomiImportOptions & Required<Pick<DidomiImportOptions, Defaulted>>;

/** @throws DidomiRequestError naming every invalid option. */
export function readImportOptions(given: unknown): ImportOptions {
  const problems = new OptionProblems();
  const options = problems.group('options', given, NAMES);
  const { importId, startIndex = 0, batchSize = MAX_BATCH_SIZE, maxConcurrent = 4 } = options;
  if (importId !== undefined) problems.text('options.importId', importId, 'write a name, or leave it out');
  for (const [name, count, min, max] of [
    ['startIndex', startIndex, 0, Number.MAX_SAFE_INTEGER],
    ['batchSize', batchSize, 1, MAX_BATCH_SIZE],
    ['maxConcurrent', maxConcurrent, 1, Number.MAX_SAFE_INTEGER],
  ] as const) {
    if (Number.isSafeInteger(count) && (count as number) >= min && (count as number) <= max) continue;
    const range = max === MAX_BATCH_SIZE ? `${min} to ${max}` : `${min} or more`;
    problems.add(`options.${name}`, `has to be a whole number, ${range}`);
  }
  if (problems.list.length > 0) throw new DidomiRequestError(problems.list.join('; '));
  return { ...(options as DidomiImportOptions), startIndex, batchSize, maxConcurrent } as ImportOptions;
}
