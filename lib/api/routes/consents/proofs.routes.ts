import type { OfOrganization } from './consent-terms.js';

/**
 * A document that proves a choice.
 *
 * @publicApi
 */
export interface ConsentProof {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** Data URI in base64. */
  readonly file: string;
}

/**
 * A document to upload.
 *
 * @publicApi
 */
export interface ConsentProofInput {
  /** Data URI in base64, less than 15 MB of it: PDF, PNG, JPG, GIF, DOCX, DOC or MSG. */
  readonly file: string;
}

export interface ConsentProofsRoutes {
  'POST /consents/proofs': { query: OfOrganization; body: ConsentProofInput; response: ConsentProof };
  'GET /consents/proofs/{id}': { query: OfOrganization; response: ConsentProof };
}
