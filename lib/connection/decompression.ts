import { pipeline, type Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

interface Decompressor {
  readonly whole: (bytes: Buffer, options: { maxOutputLength?: number }) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const gzip: Decompressor = { whole: promisify(zlib.gunzip), stream: () => zlib.createGunzip() };
const brotli: Decompressor = { whole: promisify(zlib.brotliDecompress), stream: () => zlib.createBrotliDecompress() };

/** The encodings that Axios asks for. `deflate` has a zlib header by the standard, and none with some servers. */
const DECOMPRESSORS: Readonly<Record<string, Decompressor>> = {
  gzip,
  'x-gzip': gzip,
  deflate: {
    whole: (bytes, options) => promisify((bytes[0]! & 0x0f) === 0x08 ? zlib.inflate : zlib.inflateRaw)(bytes, options),
    stream: () => zlib.createInflate(),
  },
  br: brotli,
};

export function isKnownEncoding(encoding: string): boolean {
  return Object.hasOwn(DECOMPRESSORS, encoding);
}

/**
 * @param maxLength of the result in bytes; below 0 for any.
 * @throws an error with code `ERR_BUFFER_TOO_LARGE` beyond `maxLength`, and one of zlib for a body that is broken or cut off.
 */
export async function decompress(bytes: Buffer, encoding: string, maxLength: number): Promise<Buffer> {
  const isBounded = maxLength >= 0 && Number.isFinite(maxLength);
  // zlib takes no 0.
  return await DECOMPRESSORS[encoding]!.whole(bytes, isBounded ? { maxOutputLength: Math.max(1, maxLength) } : {});
}

/** The stream fails where the body is broken or cut off. */
export function decompressStream(body: Readable, encoding: string): Readable {
  const stream = DECOMPRESSORS[encoding]!.stream();
  // The reader of the stream gets the error.
  return pipeline(body, stream, () => undefined);
}
