import { AxiosError, getAdapter, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { decompress, decompressStream, isKnownEncoding } from './decompression.js';

const CONTENT_ENCODING = 'content-encoding';
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Axios' adapter for Node.js, with two differences. It does not take a compressed body that is cut off for a whole one, and
 * `maxContentLength` bounds what a body has become, before it is that large in memory.
 */
export function createHttpAdapter(): AxiosAdapter {
  const send = getAdapter('http');
  return async (config) => {
    const isStream = config.responseType === 'stream';
    const response = await send({
      // What others put on `Object.prototype` is no option.
      __proto__: null,
      ...config,
      decompress: false,
      responseType: isStream ? 'stream' : 'arraybuffer',
    } as InternalAxiosRequestConfig & { __proto__: null });
    response.config = config;
    await readBody(response, config);
    return response;
  };
}

async function readBody(response: AxiosResponse<unknown>, config: InternalAxiosRequestConfig): Promise<void> {
  const { headers } = response;
  const encoding = String(headers[CONTENT_ENCODING] ?? '').toLowerCase();
  if (config.decompress !== false && isKnownEncoding(encoding)) {
    delete headers[CONTENT_ENCODING];
    await replaceBody(response, encoding, config);
  }
  if (Buffer.isBuffer(response.data) && config.responseType !== 'arraybuffer') {
    response.data = textOf(response.data, config.responseEncoding as BufferEncoding | undefined);
  }
}

async function replaceBody(
  response: AxiosResponse<unknown>,
  encoding: string,
  config: InternalAxiosRequestConfig,
): Promise<void> {
  const { data } = response;
  if (data instanceof Readable) response.data = decompressStream(data, encoding);
  else if (Buffer.isBuffer(data) && data.length > 0) {
    const { maxContentLength = -1 } = config;
    try {
      response.data = await decompress(data, encoding, maxContentLength);
    } catch (error) {
      response.data = undefined;
      const { code } = error as NodeJS.ErrnoException;
      // In the words of Axios, for bodies that are not compressed.
      const message =
        code === 'ERR_BUFFER_TOO_LARGE'
          ? `maxContentLength size of ${maxContentLength} exceeded`
          : 'The body of the response cannot be decompressed';
      throw new AxiosError(
        message,
        code === 'ERR_BUFFER_TOO_LARGE' ? AxiosError.ERR_BAD_RESPONSE : code,
        config,
        undefined,
        response,
      );
    }
  }
}

/** As Axios writes text. */
function textOf(bytes: Buffer, encoding: BufferEncoding = 'utf8'): string {
  const text = bytes.toString(encoding);
  return encoding === 'utf8' && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
