import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import { Readable, Transform, pipeline } from 'node:stream';
import { types } from 'node:util';
import { multipart } from './multipart.js';

/** The body of a request in a form that undici takes, and what follows for its headers. */
export interface Upload {
  readonly body: string | Buffer | Readable | Blob | null;
  /** In place of the header of the request, if there is one. */
  readonly contentType?: string | undefined;
  /** Of a stream whose length is known. Undici knows the others. */
  readonly contentLength?: number | undefined;
}

const NONE: Upload = { body: null };

/** What the `form-data` package's form, which is a stream, tells of itself. */
interface NodeForm {
  getHeaders(): Record<string, string>;
  getLength?(callback: (error: unknown, length?: number) => void): void;
}

/**
 * @returns a promise where the length of a form has to be found out.
 * @throws AxiosError, with the words and codes of Axios, for a body that cannot be sent.
 */
export function uploadOf(config: InternalAxiosRequestConfig): Upload | Promise<Upload> {
  const data: unknown = config.data;
  if (!data) return NONE;
  if (typeof data === 'string') return whole(data, config);
  if (Buffer.isBuffer(data)) return whole(data, config);
  if (types.isAnyArrayBuffer(data)) return whole(Buffer.from(data), config);
  if (typeof data === 'object') {
    if (isWebForm(data)) return limited(multipart(data), config);
    if (data instanceof Blob) return blob(data, config);
    if (isStream(data)) return isNodeForm(data) ? nodeForm(data, config) : limited({ body: data }, config);
  }
  throw new AxiosError(
    'Data after transformation must be a string, an ArrayBuffer, a Buffer, or a Stream',
    AxiosError.ERR_BAD_REQUEST,
    config,
  );
}

function whole(body: string | Buffer, config: InternalAxiosRequestConfig): Upload {
  const { maxBodyLength = -1 } = config;
  if (maxBodyLength > -1 && Buffer.byteLength(body) > maxBodyLength) throw tooLarge(config);
  return { body };
}

function blob(body: Blob, config: InternalAxiosRequestConfig): Upload {
  const { maxBodyLength = -1 } = config;
  if (maxBodyLength > -1 && body.size > maxBodyLength) throw tooLarge(config);
  return body.size === 0 ? NONE : { body, contentType: body.type || 'application/octet-stream' };
}

async function nodeForm(form: NodeForm & Readable, config: InternalAxiosRequestConfig): Promise<Upload> {
  const known = Object.entries(form.getHeaders()).find(([name]) => name.toLowerCase() === 'content-type');
  const contentLength = await new Promise<number | undefined>((resolve) => {
    if (form.getLength === undefined) resolve(undefined);
    else form.getLength((error, size) => resolve(error ? undefined : size));
  });
  return limited({ body: form, contentType: known?.[1], contentLength }, config);
}

/**
 * Undici takes the streams of Node.js only. Those of packages, and what has to be measured on its way, go through one. That stays
 * untouched is best for the rest: undici reads it at the pace of the connection.
 */
function limited(upload: Upload & { body: Readable }, config: InternalAxiosRequestConfig): Upload {
  const { maxBodyLength = -1 } = config;
  if (maxBodyLength < 0 && upload.body instanceof Readable) return upload;
  let sent = 0;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      sent += chunk.length;
      // With a request: part of it was sent.
      if (maxBodyLength > -1 && sent > maxBodyLength) callback(tooLarge(config, {}));
      else callback(null, chunk);
    },
  });
  // The reader gets the errors.
  pipeline(upload.body, body, () => undefined);
  return { ...upload, body };
}

function tooLarge(config: InternalAxiosRequestConfig, request?: object): AxiosError {
  return new AxiosError('Request body larger than maxBodyLength limit', AxiosError.ERR_BAD_REQUEST, config, request);
}

function isStream(data: object): data is Readable {
  const { on, pipe } = data as { on?: unknown; pipe?: unknown };
  return typeof on === 'function' && typeof pipe === 'function';
}

/** Of Node.js, or of a package. */
function isWebForm(data: object): data is FormData {
  return (
    (data as Partial<Record<symbol, unknown>>)[Symbol.toStringTag] === 'FormData' &&
    typeof (data as Partial<FormData>).entries === 'function'
  );
}

function isNodeForm(data: Readable): data is NodeForm & Readable {
  return typeof (data as Partial<NodeForm>).getHeaders === 'function';
}
