import { DidomiError } from './didomi.error.js';

/**
 * The options of the module are invalid. Thrown while the application starts.
 *
 * @publicApi
 */
export class DidomiConfigurationError extends DidomiError {
  override readonly name = 'DidomiConfigurationError';
  readonly code = 'DIDOMI_CONFIGURATION';

  /** Each problem and what to write instead. Names options, never quotes their values. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? `DidomiModule cannot start: ${problems[0]}`
        : `DidomiModule cannot start, ${problems.length} problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }

  /** @internal */
  override get isAxiosError(): boolean {
    return false;
  }
}
