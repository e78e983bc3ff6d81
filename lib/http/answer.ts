import { AxiosError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/**
 * How one attempt ended, whether the adapter resolved or rejected with it.
 */
export class Answer {
  private constructor(
    /** Absent if no answer came. */
    readonly response: AxiosResponse | undefined,
    readonly error: unknown,
  ) {}

  static async of(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): Promise<Answer> {
    try {
      return new Answer(await adapter(config), undefined);
    } catch (error) {
      return new Answer((error as { response?: AxiosResponse }).response, error);
    }
  }

  get status(): number | undefined {
    return this.response?.status;
  }

  /** What the caller gets. An adapter that leaves `validateStatus` to others is fine, too. */
  settle(): AxiosResponse {
    const { response, error } = this;
    if (error !== undefined || response === undefined) throw error;
    const { config, status } = response;
    if (config.validateStatus?.(status) ?? true) return response;
    const code = status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST;
    throw new AxiosError(`Request failed with status code ${status}`, code, config, response.request, response);
  }

  /** Frees the connection of an answer that nobody is going to read. */
  discard(): void {
    const data: unknown = this.response?.data;
    if (typeof data === 'object' && data !== null && 'destroy' in data && typeof data.destroy === 'function') {
      data.destroy();
    }
  }
}
