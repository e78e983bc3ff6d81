import { finished, PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import zlib, { type ZlibOptions } from 'node:zlib';

type Whole = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

interface Decompressor {
  readonly whole: Whole;
  readonly stream: (firstByte: number) => Transform;
}

const gzip: Decompressor = { whole: promisify(zlib.gunzip), stream: () => zlib.createGunzip() };

/** Without zstd: Axios does not ask for it, and Node.js 22 does not notice that such a body is cut off. */
const DECOMPRESSORS: ReadonlyMap<string, Decompressor> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  // Axios asks for it, and takes what comes for gzip.
  ['compress', gzip],
  ['x-compress', gzip],
  [
    'deflate',
    {
      whole: (bytes, options) => promisify(hasZlibHeader(bytes[0]!) ? zlib.inflate : zlib.inflateRaw)(bytes, options),
      stream: (firstByte) => (hasZlibHeader(firstByte) ? zlib.createInflate() : zlib.createInflateRaw()),
    },
  ],
  ['br', { whole: promisify(zlib.brotliDecompress), stream: () => zlib.createBrotliDecompress() }],
]);

/** `deflate` has a zlib header by the standard (RFC 9110, 8.4.1.2), and none with some servers. */
function hasZlibHeader(firstByte: number): boolean {
  return (firstByte & 0x0f) === 0x08;
}

export function isKnownEncoding(encoding: string): boolean {
  return DECOMPRESSORS.has(encoding);
}

/**
 * @param bytes not empty.
 * @param maxLength of the result in bytes; below 0 for any.
 * @throws an error with code `ERR_BUFFER_TOO_LARGE` beyond `maxLength`, and one of zlib for a body that is broken or cut off.
 */
export async function decompress(bytes: Buffer, encoding: string, maxLength: number): Promise<Buffer> {
  const isBounded = maxLength >= 0 && Number.isFinite(maxLength);
  // zlib takes no 0.
  return await DECOMPRESSORS.get(encoding)!.whole(bytes, isBounded ? { maxOutputLength: Math.max(1, maxLength) } : {});
}

/** The stream fails where the body is broken or cut off. One of no bytes at all, as after HEAD, is empty. */
export function decompressStream(body: Readable, encoding: string): Readable {
  const output = new PassThrough();
  // It can fail before anybody has it, and such an event without a listener ends the process.
  output.on('error', () => undefined);
  let isEmpty = true;
  const start = (): void => {
    const first = body.read() as Buffer | null;
    if (first === null) return;
    isEmpty = false;
    body.off('readable', start);
    body.unshift(first);
    // The reader of the stream gets the errors.
    pipeline(body, DECOMPRESSORS.get(encoding)!.stream(first[0]!), output, () => undefined);
  };
  body.on('readable', start);
  // Also before the first byte.
  finished(body, (error) => {
    if (error) output.destroy(error);
    else if (isEmpty) output.end();
  });
  output.once('close', () => body.destroy());
  return output;
}
