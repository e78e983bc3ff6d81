import type { InternalAxiosRequestConfig } from 'axios';

/** The part of the `form-data` package's form, which Axios makes of a multipart request's data, that is used here. */
interface NodeForm {
  getBuffer(): Buffer;
  getHeaders(): Record<string, string>;
}

function isNodeForm(data: object): data is NodeForm {
  return 'getBuffer' in data && 'getHeaders' in data;
}

/**
 * A form is a stream and gone once sent. One that holds no streams itself is turned into bytes, which can be sent twice.
 */
export function makeRepeatable(config: InternalAxiosRequestConfig): void {
  const data: unknown = config.data;
  if (typeof data !== 'object' || data === null || !isNodeForm(data)) return;
  try {
    const bytes = data.getBuffer();
    config.headers.set(data.getHeaders());
    config.data = bytes;
  } catch {
    // It holds a stream, so it stays one.
  }
}

/** False for a body that is used up by sending it: sent again, it would be empty, and Didomi would not notice. */
export function isRepeatable(config: InternalAxiosRequestConfig): boolean {
  const data: unknown = config.data;
  if (typeof data !== 'object' || data === null) return true;
  const { pipe, getReader } = data as { pipe?: unknown; getReader?: unknown };
  return typeof pipe !== 'function' && typeof getReader !== 'function';
}
