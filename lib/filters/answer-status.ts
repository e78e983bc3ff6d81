import type { DidomiApiError } from '../errors/didomi-api.error.js';
import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';
import type { DidomiError } from '../errors/didomi.error.js';
import type { DidomiTransportReason } from '../errors/didomi-transport.error.js';
import {
  isDidomiApiError,
  isDidomiAuthenticationError,
  isDidomiRequestError,
  isDidomiTransportError,
} from '../errors/guards.js';
import { isAboutOrganization } from './organization.js';

export const INTERNAL_SERVER_ERROR = 500;
const BAD_GATEWAY = 502;

/** What the caller of the application can have caused, by the ids and data that it sent. */
const CALLER_STATUSES: Readonly<Record<number, number>> = { 400: 422, 404: 404, 409: 409, 410: 410, 422: 422 };
/** What means the same if a gateway in front of Didomi says it. */
const COMMON_STATUSES: Readonly<Record<number, number>> = { 408: 504, 413: 413, 429: 429, 503: 503 };
/** The API key is refused, or what it may do, or a proxy wants a password. */
const REFUSALS: ReadonlySet<number> = new Set([401, 402, 403, 407]);
/** What an attempt without an answer leaves behind if it was carried out. */
const AFTERMATHS: ReadonlySet<number> = new Set([404, 409, 410]);

const AUTHENTICATION_STATUSES: { readonly [reason in DidomiAuthenticationReason]?: number } = {
  throttled: 503,
  unavailable: 503,
  closed: 503,
};
const TRANSPORT_STATUSES: { readonly [reason in DidomiTransportReason]?: number } = { timeout: 504, aborted: 503 };

/** The status that the application answers with. */
export function statusFor(error: DidomiError): number {
  if (isDidomiApiError(error)) return statusForAnswer(error);
  if (isDidomiTransportError(error)) return TRANSPORT_STATUSES[error.reason] ?? BAD_GATEWAY;
  if (isDidomiAuthenticationError(error)) return AUTHENTICATION_STATUSES[error.reason] ?? BAD_GATEWAY;
  if (isDidomiRequestError(error) && error.retryAfterMs !== undefined) return 429;
  return INTERNAL_SERVER_ERROR;
}

function statusForAnswer(error: DidomiApiError): number {
  const { status } = error;
  const common = COMMON_STATUSES[status];
  if (common !== undefined) return common;
  if (status < 400 || status > 499 || REFUSALS.has(status) || !isOfDidomi(error)) return BAD_GATEWAY;
  if (error.previousAttemptUnanswered === true && AFTERMATHS.has(status)) return BAD_GATEWAY;
  if (isAboutOrganization(error)) return INTERNAL_SERVER_ERROR;
  return CALLER_STATUSES[status] ?? INTERNAL_SERVER_ERROR;
}

/** Didomi describes every failure in JSON; a page in HTML is a firewall's or gateway's. */
function isOfDidomi({ contentType }: DidomiApiError): boolean {
  return contentType === undefined || /[/+]json\b/i.test(contentType);
}
