import { duration, span } from './format.js';

const TRIGGERS = {
  warmup: 'at the start',
  call: 'for a call',
  renewal: 'in time',
  rejected: 'after a 401',
  refresh: 'on request',
};

/** What happened, in words: its kind, and what there is to say about it. */
export function textOf(event) {
  switch (event.type) {
    case 'refreshed':
      return [
        event.trigger === 'warmup' ? 'Obtained' : 'Renewed',
        `${TRIGGERS[event.trigger] ?? event.trigger}, ${duration(event.durationMs)}`,
      ];
    case 'refresh-failed':
      return ['Renewal failed', `${reasonOf(event)}, next attempt in ${span(event.retryInMs)}`];
    case 'rejected':
      return ['Refused by Didomi', 'answered 401 to the access token'];
    case 'invalidated':
      return ['Given up', 'the application asked for another access token'];
    case 'adopted':
      return ['Taken over', 'from another replica'];
    default:
      return [event.type, ''];
  }
}

function reasonOf({ reason, status }) {
  return status === undefined ? reason : `${reason} (${status})`;
}

/** How an event is drawn on the band: see the legend. */
export function markOf({ type }) {
  if (type === 'refresh-failed') return 'failed';
  return type === 'refreshed' || type === 'adopted' ? 'renewed' : 'refused';
}
