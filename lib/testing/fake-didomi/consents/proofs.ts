import { createHash } from 'node:crypto';
import { success } from '../basics/envelopes.js';
import { objectOf, organizationIn } from '../basics/inputs.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import { FakeDidomiCollection } from '../resources/collection.js';
import type { FakeDidomiEntity } from '../resources/collection.js';

/** File endings by the media types that Didomi takes. */
const ENDINGS: Readonly<Record<string, string>> = {
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
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * `/consents/proofs`: files that prove a choice. A file that Didomi does not take is answered with a 400; with what Didomi
 * answers is not documented.
 */
export class FakeDidomiProofs {
  readonly collection = new FakeDidomiCollection();
  readonly routes: readonly FakeDidomiRoute[] = [
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
        if (!proof) throw FakeDidomiRefusal.of(404, 'No proof has this id');
        return success(answered(proof));
      },
    ],
  ];
  /** @param field what a complaint about the file names. */
  add(organizationId: string, file: unknown, field: string): FakeDidomiEntity {
    const proof = { ...describe(file, field), organization_id: organizationId };
    this.collection.put(proof);
    return proof;
  }

  /** The files of an event, each of them checked. */
  read(files: unknown, field: string): readonly string[] {
    return (Array.isArray(files) ? files : []).map((file, index) => describe(file, `${field}.${index}`).file);
  }
}

/** Reads a data URI, or says what is wrong with it. */
function describe(file: unknown, field: string): { id: string; size: number; file: string } {
  const [head, mediaType = ''] = (typeof file === 'string' && DATA_URI.exec(file)) || [];
  if (typeof file !== 'string' || head === undefined || !BASE64.test(file.slice(head.length))) {
    throw FakeDidomiRefusal.field(field, 'must be a data URI in base64');
  }
  const ending = Object.hasOwn(ENDINGS, mediaType) ? ENDINGS[mediaType] : undefined;
  if (ending === undefined) throw FakeDidomiRefusal.field(field, 'must be a PDF, PNG, JPG, GIF, DOC, DOCX or MSG file');
  if (file.length >= MAX_LENGTH) throw FakeDidomiRefusal.field(field, 'must be under 15 MB');
  const content = Buffer.from(file.slice(head.length), 'base64');
  return { id: `${createHash('sha256').update(content).digest('hex')}.${ending}`, size: content.length, file };
}

function answered({ id, size, file }: FakeDidomiEntity) {
  return { id, size, file };
}
