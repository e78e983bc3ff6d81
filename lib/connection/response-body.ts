import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { decompress, decompressStream, isKnownEncoding } from './decompression.js';

const CONTENT_ENCODING = 'content-encoding';
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Decompresses the body of a response, a Buffer or a stream, and makes text of a Buffer unless `responseType` asks for bytes. Does
 * not take a compressed body that is cut off for a whole one, and `maxContentLength` bounds what a body has become, before it is
 * that large in memory.
 *
 * @returns undefined if that is done at once, which spares most responses a turn of the microtask queue.
 */
export function readBody(
  response: AxiosResponse<unknown>,
  config: InternalAxiosRequestConfig,
): Promise<void> | undefined {
  const { headers } = response;
  const header = headers[CONTENT_ENCODING] as string | undefined;
  if (header !== undefined && config.decompress !== false) {
    const encoding = header.toLowerCase();
    if (isKnownEncoding(encoding)) {
      delete headers[CONTENT_ENCODING];
      const { data } = response;
      if (data instanceof Readable) response.data = decompressStream(data, encoding);
      else if (Buffer.isBuffer(data) && data.length > 0) return decompressed(response, data, encoding, config);
    }
  }
  makeText(response, config);
  return undefined;
}

async function decompressed(
  response: AxiosResponse<unknown>,
  data: Buffer,
  encoding: string,
  config: InternalAxiosRequestConfig,
): Promise<void> {
  const { maxContentLength = -1 } = config;
  try {
    response.data = await decompress(data, encoding, maxContentLength);
  } catch (error) {
    response.data = undefined;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(config, response);
    throw new AxiosError('The body of the response cannot be decompressed', code, config, undefined, response);
  }
  makeText(response, config);
}

/** In the words of Axios. */
export function tooLarge(config: InternalAxiosRequestConfig, response?: AxiosResponse): AxiosError {
  const message = `maxContentLength size of ${config.maxContentLength} exceeded`;
  return new AxiosError(message, AxiosError.ERR_BAD_RESPONSE, config, undefined, response);
}

/** As Axios writes text. */
function makeText(
  response: AxiosResponse<unknown>,
  { responseType, responseEncoding }: InternalAxiosRequestConfig,
): void {
  const { data } = response;
  if (responseType === 'arraybuffer' || !Buffer.isBuffer(data)) return;
  const encoding = (responseEncoding ?? 'utf8') as BufferEncoding;
  const text = data.toString(encoding);
  response.data = encoding === 'utf8' && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
