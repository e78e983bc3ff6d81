export const TONES = { good: 'Healthy', warning: 'Degraded', bad: 'Down', idle: 'Idle' };

/** How good or bad a state is: `good`, `warning`, `bad`, or `idle` where nothing is wanted of the client. */
export function toneOf({ phase, usable, lastFailureReason }) {
  switch (phase) {
    case 'cold':
    case 'closed':
      return 'idle';
    case 'expired':
      return lastFailureReason === undefined ? 'idle' : 'bad';
    case 'fresh':
      return 'good';
    case 'refreshing':
      return usable ? 'good' : 'warning';
    default:
      return usable ? 'warning' : 'bad';
  }
}

/** What a state means for the calls. */
export function sentenceOf({ phase, usable, lastFailureReason: reason }) {
  switch (phase) {
    case 'cold':
      return 'No access token was requested yet.';
    case 'fresh':
      return 'Calls use the access token.';
    case 'refreshing':
      return usable ? 'Being renewed. Calls go on with the access token in use.' : 'Calls wait for an access token.';
    case 'expired':
      return reason === undefined
        ? 'The next call requests another access token.'
        : `There is no access token (${reason}). The next call requests one.`;
    case 'backing-off':
      return usable
        ? `Renewal fails (${reason}). Calls go on with the access token in use.`
        : `There is no access token (${reason}). Calls fail.`;
    case 'rejected':
      return usable
        ? 'Didomi rejects the API key. Calls go on until the access token expires.'
        : 'Didomi rejects the API key. Calls fail.';
    default:
      return 'The application is shutting down.';
  }
}
