import { AxiosError, CanceledError, isCancel, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import { readBody, tooLarge } from '../connection/response-body.js';
import { responseHeaders } from './response-headers.js';
import { ResponseStream } from './response-stream.js';

type Controller = Dispatcher.DispatchController;
type Settle<T> = (value: T) => void;

/**
 * One attempt and its answer, as undici reports it.
 *
 * It is sent once. Undici begins again with a request whose connection breaks or whose server goes away at the wrong moment, and
 * so do its `RetryAgent` and interceptors; but whether a request may be sent twice is decided above, for all transports alike.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #config: InternalAxiosRequestConfig;
  readonly #resolve: Settle<AxiosResponse>;
  readonly #reject: Settle<unknown>;
  readonly #maxLength: number;
  #controller: Controller | undefined;
  #response: AxiosResponse<unknown> | undefined;
  #stream: ResponseStream | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Whether the promise is settled, or will be without undici. */
  #isOver = false;

  constructor(config: InternalAxiosRequestConfig, resolve: Settle<AxiosResponse>, reject: Settle<unknown>) {
    const { maxContentLength = -1 } = config;
    this.#config = config;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#maxLength = maxContentLength < 0 ? Infinity : maxContentLength;
  }

  start(dispatcher: Pick<Dispatcher, 'dispatch'>, options: Dispatcher.DispatchOptions): void {
    const { cancelToken, signal } = this.#config;
    cancelToken?.subscribe(this.#abort);
    if (signal?.aborted === true) this.#abort();
    else signal?.addEventListener?.('abort', this.#abort);
    if (this.#isOver) return;
    try {
      dispatcher.dispatch(options, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  onRequestStart(controller: Controller): void {
    const isSecond = this.#controller !== undefined;
    this.#controller = controller;
    // There is no other way to end a request that undici still keeps back.
    if (this.#isOver) controller.abort(new CanceledError());
    else if (isSecond) controller.abort(connectionLost());
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusText?: string,
  ): void {
    // Of a status such as 103, another one follows.
    if (status < 200) return;
    this.#response = {
      data: undefined,
      status,
      statusText: statusText ?? '',
      headers: responseHeaders(headers),
      config: this.#config,
    };
    if (this.#config.responseType !== 'stream') return;
    this.#stream = new ResponseStream(controller);
    this.#response.data = this.#stream;
    this.#succeed(this.#response);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#maxLength) {
      const error = tooLarge(this.#config);
      if (this.#stream === undefined) this.#fail(error);
      else this.#stream.destroy(error);
      controller.abort(error);
    } else if (this.#stream === undefined) this.#chunks.push(chunk);
    else this.#stream.add(chunk);
  }

  onResponseEnd(): void {
    const response = this.#response!;
    if (isCutOff(response, this.#length)) return this.onResponseError(null, cutOff());
    if (this.#stream !== undefined) return this.#stream.complete();
    response.data = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#length);
    this.#succeed(response);
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    const failure = error.name === 'HTTPParserError' ? malformed(this.#config) : error;
    if (this.#stream === undefined) this.#fail(failure);
    else this.#stream.destroy(failure);
  }

  #succeed(response: AxiosResponse<unknown>): void {
    if (this.#isOver) return;
    this.#end();
    const reading = readBody(response, this.#config);
    if (reading === undefined) this.#resolve(response);
    else reading.then(() => this.#resolve(response), this.#reject);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    if (error instanceof AxiosError || isCancel(error)) return this.#reject(error);
    const { code } = error as { code?: string };
    this.#reject(AxiosError.from(error, code, this.#config, undefined, this.#response));
  }

  #end(): void {
    this.#isOver = true;
    const { cancelToken, signal } = this.#config;
    cancelToken?.unsubscribe(this.#abort);
    signal?.removeEventListener?.('abort', this.#abort);
  }

  /** By the cancel token or the signal. The reader of a stream ends it by its stream. */
  readonly #abort = (reason?: unknown): void => {
    const error = isCancel(reason) ? reason : new CanceledError(undefined, this.#config);
    this.#fail(error);
    this.#controller?.abort(error as Error);
  };
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection was lost, and undici would send the request again'), {
    code: 'UND_ERR_SOCKET',
  });
}

/** Undici compares the length with HTTP/1.1 only. With HTTP/2 it takes a stream that the server has reset for one that has ended. */
function isCutOff({ status, headers, config }: AxiosResponse, length: number): boolean {
  const expected = headers['content-length'] as string | undefined;
  if (expected === undefined || Number(expected) === length) return false;
  return status !== 204 && status !== 304 && config.method?.toLowerCase() !== 'head';
}

function cutOff(): Error {
  return Object.assign(new Error('the body is not as long as its Content-Length'), {
    code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  });
}

/** In place of undici's error, which has no code, and holds the bytes that came. */
function malformed(config: InternalAxiosRequestConfig): AxiosError {
  return new AxiosError('The response is not valid HTTP', AxiosError.ERR_BAD_RESPONSE, config);
}
