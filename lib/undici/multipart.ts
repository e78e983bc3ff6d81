import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

/** A `FormData` of the web platform as a body. Its files are read when they are sent, not before. */
export function multipart(form: FormData): { body: Readable; contentType: string; contentLength: number } {
  const boundary = `form-data-boundary-${randomBytes(16).toString('hex')}`;
  const parts: (Buffer | Blob)[] = [];
  for (const [name, value] of form.entries()) {
    parts.push(Buffer.from(`--${boundary}\r\n${headOf(name, value)}\r\n\r\n`));
    parts.push(typeof value === 'string' ? Buffer.from(value.replaceAll(/\r?\n|\r/g, '\r\n')) : value);
    parts.push(Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  const contentLength = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.size), 0);
  return {
    body: Readable.from(chunksOf(parts), { objectMode: false }),
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength,
  };
}

function headOf(name: string, value: string | File): string {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (typeof value === 'string') return disposition;
  const type = (value.type || 'application/octet-stream').replaceAll(/[\r\n]/g, '');
  return `${disposition}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}`;
}

/** As the standard of HTML has it, which servers follow. */
function escaped(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

async function* chunksOf(parts: readonly (Buffer | Blob)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (Buffer.isBuffer(part)) yield part;
    else yield* part.stream();
  }
}
