import type { DidomiApiError } from './didomi-api.error.js';
import type { DidomiAuthenticationError } from './didomi-authentication.error.js';
import type { DidomiConfigurationError } from './didomi-configuration.error.js';
import type { DidomiError, DidomiErrorCode } from './didomi.error.js';
import type { DidomiRequestError } from './didomi-request.error.js';
import type { DidomiTransportError } from './didomi-transport.error.js';

/**
 * Like `error instanceof DidomiError`, and also true for errors of another copy of this package in the same process.
 *
 * @publicApi
 */
export function isDidomiError(error: unknown): error is DidomiError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && CODES.has(error.code);
}

/** Whether it is a {@link DidomiApiError}, of any copy of this package. @publicApi */
export function isDidomiApiError(error: unknown): error is DidomiApiError {
  return hasCode(error, 'DIDOMI_API');
}

/** Whether it is a {@link DidomiAuthenticationError}, of any copy of this package. @publicApi */
export function isDidomiAuthenticationError(error: unknown): error is DidomiAuthenticationError {
  return hasCode(error, 'DIDOMI_AUTHENTICATION');
}

/** Whether it is a {@link DidomiConfigurationError}, of any copy of this package. @publicApi */
export function isDidomiConfigurationError(error: unknown): error is DidomiConfigurationError {
  return hasCode(error, 'DIDOMI_CONFIGURATION');
}

/** Whether it is a {@link DidomiRequestError}, of any copy of this package. @publicApi */
export function isDidomiRequestError(error: unknown): error is DidomiRequestError {
  return hasCode(error, 'DIDOMI_REQUEST');
}

/** Whether it is a {@link DidomiTransportError}, of any copy of this package. @publicApi */
export function isDidomiTransportError(error: unknown): error is DidomiTransportError {
  return hasCode(error, 'DIDOMI_TRANSPORT');
}

const CODES: ReadonlySet<string> = new Set<DidomiErrorCode>([
  'DIDOMI_API',
  'DIDOMI_AUTHENTICATION',
  'DIDOMI_CONFIGURATION',
  'DIDOMI_REQUEST',
  'DIDOMI_TRANSPORT',
]);

function hasCode(error: unknown, code: DidomiErrorCode): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
