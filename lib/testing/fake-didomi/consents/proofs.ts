import { createHash } from 'node:crypto';
import { Refusal, success, type Route } from '../api/route.js';
import { objectOf, organizationIn } from '../api/input.js';
import { Collection, type Entity } from '../resources/collection.js';

/** File extensions by the media types that Didomi accepts. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/jpg': 'jpg',
  'image/gif': 'gif',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-outlook': 'msg',
};

/** Of the whole data URI, since the documentation counts a file as it is encoded. */
const MAX_LENGTH = 15 * 1024 * 1024;

const DATA_URI = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w-]+=[^;,]+)*;base64,/;
/** Searched for, since a pattern for all of the text would run out of stack on some megabytes of it. */
const NOT_BASE64 = /[^A-Za-z\d+/]/;

/**
 * `/consents/proofs`: files that prove a choice. A file of another kind or size is answered with a 400; what Didomi answers
 * is not documented.
 */
export class Proofs {
  readonly collection = new Collection();
  readonly routes: readonly Route[] = [
    [
      'POST /consents/proofs',
      ({ query, body }) => {
        const organizationId = organizationIn(query);
        return success(answered(this.add(organizationId, objectOf(body, 'proof')['file'], 'file')));
      },
    ],
    [
      'GET /consents/proofs/{id}',
      ({ id, query }) => {
        const proof = this.collection.get(organizationIn(query), id);
        if (!proof) throw Refusal.of(404, 'No proof has this id');
        return success(answered(proof));
      },
    ],
  ];

  /** @param field named in the error if the file is not accepted. */
  add(organizationId: string, file: unknown, field: string): Entity {
    return this.collection.put({ ...describe(file, field), organization_id: organizationId });
  }

  /** The files of an event, each of them checked. */
  read(files: unknown, field: string): readonly string[] {
    return (Array.isArray(files) ? files : []).map((file, index) => describe(file, `${field}.${index}`).file);
  }
}

/** Reads a data URI, or says what is wrong with it. */
function describe(file: unknown, field: string): { id: string; size: number; file: string } {
  const [head, mediaType = ''] = (typeof file === 'string' && DATA_URI.exec(file)) || [];
  if (typeof file !== 'string' || head === undefined || !isBase64(file.slice(head.length))) {
    throw Refusal.field(field, 'must be a data URI in base64');
  }
  const extension = Object.hasOwn(EXTENSIONS, mediaType) ? EXTENSIONS[mediaType] : undefined;
  if (extension === undefined) throw Refusal.field(field, 'must be a PDF, PNG, JPG, GIF, DOC, DOCX or MSG file');
  if (file.length >= MAX_LENGTH) throw Refusal.field(field, 'must be under 15 MB');
  const content = Buffer.from(file.slice(head.length), 'base64');
  return { id: `${createHash('sha256').update(content).digest('hex')}.${extension}`, size: content.length, file };
}

function isBase64(text: string): boolean {
  const padding = /={0,2}$/.exec(text.slice(-2))?.[0] ?? '';
  const content = text.slice(0, text.length - padding.length);
  return content !== '' && !NOT_BASE64.test(content);
}

function answered({ id, size, file }: Entity) {
  return { id, size, file };
}
