import { DidomiError } from './didomi.error.js';

/**
 * The options of a module are invalid. Thrown while the application starts.
 *
 * @publicApi
 */
export class DidomiConfigurationError extends DidomiError {
  override readonly name = 'DidomiConfigurationError';
  readonly code = 'DIDOMI_CONFIGURATION';

  /** Each problem and what to write instead. Names options, never quotes their values. */
  declare readonly problems: readonly string[];

  /** @param module the name of the module whose registration is wrong. */
  constructor(problems: readonly string[], module = 'DidomiModule') {
    super(
      problems.length === 1
        ? `${module} cannot start: ${problems[0]}`
        : `${module} cannot start, ${problems.length} problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    // Hidden, since Nest prints the error when the start fails, and the message says the same.
    Object.defineProperty(this, 'problems', { value: problems, enumerable: false });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }

  /** @internal */
  override get isAxiosError(): boolean {
    return false;
  }
}
