import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isWelcome } from '../request/welcome.js';

/**
 * How one attempt ended, whether the adapter resolved or rejected with it.
 */
export class Answer {
  private constructor(
    /** Absent if no answer came, or none that could be read to its end. */
    readonly response: AxiosResponse | undefined,
    /** Why none came. */
    readonly error: unknown,
  ) {}

  static async of(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): Promise<Answer> {
    try {
      const response = await adapter(config);
      response.config = config;
      return new Answer(response, undefined);
    } catch (error) {
      const { response } = error as { response?: AxiosResponse };
      if (response !== undefined) response.config = config;
      // With a status that would do, the error is about something else: the answer broke off, or was too large.
      return new Answer(response !== undefined && !isWelcome(response) ? response : undefined, error);
    }
  }

  get status(): number | undefined {
    return this.response?.status;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.response?.headers ?? {};
  }

  /** What the caller takes for a success. An adapter that leaves `validateStatus` to others is fine, too. */
  get success(): AxiosResponse | undefined {
    return this.response !== undefined && isWelcome(this.response) ? this.response : undefined;
  }

  /** Frees the connection of an answer that nobody is going to read. */
  discard(): void {
    const data: unknown = this.response?.data;
    if (data instanceof Readable) data.destroy();
    // As the adapter for fetch has it.
    else if (data instanceof ReadableStream) void data.cancel().catch(() => undefined);
  }
}
