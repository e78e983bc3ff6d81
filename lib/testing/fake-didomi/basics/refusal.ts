import { failure, invalidFields } from './envelopes.js';
import type { FakeDidomiAnswer, FakeDidomiFieldError } from './envelopes.js';

/** Thrown by a route, however deep in it, to answer a request with a failure. */
export class FakeDidomiRefusal extends Error {
  readonly answer: FakeDidomiAnswer;
  /** What is wrong with which field; empty if it is not about fields. */
  readonly problems: readonly FakeDidomiFieldError[];

  private constructor(message: string, answer: FakeDidomiAnswer, problems: readonly FakeDidomiFieldError[] = []) {
    super(message);
    this.answer = answer;
    this.problems = problems;
  }

  static of(status: number, message?: string, headers?: FakeDidomiAnswer['headers']): FakeDidomiRefusal {
    return new FakeDidomiRefusal(message ?? `Status ${status}`, { ...failure(status, message), headers });
  }

  static field(field: string, message: string): FakeDidomiRefusal {
    return FakeDidomiRefusal.fields([{ field, message }]);
  }

  static fields(problems: readonly FakeDidomiFieldError[]): FakeDidomiRefusal {
    const message = problems.map(({ field, message: problem }) => `${field} ${problem}`).join('; ');
    return new FakeDidomiRefusal(message, invalidFields(problems), problems);
  }
}
