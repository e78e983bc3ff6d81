import { tracingChannel } from 'node:diagnostics_channel';
import { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import type { DidomiTokenRequestTrace } from './didomi-token-request-trace.interface.js';
import type { SessionsGrant } from './sessions-answer.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** `tracing:nestjs-didomi:token-request:start` and so on. Documented: the name stays. */
const TOKEN_REQUEST_CHANNEL = tracingChannel<unknown, DidomiTokenRequestTrace>('nestjs-didomi:token-request');

/** Sends a token request, and tells of it on the channel. Subscribers see neither the request nor its answer. */
export async function traced(
  trace: Pick<DidomiTokenRequestTrace, 'client' | 'trigger' | 'attempt'>,
  send: () => Promise<SessionsGrant | TokenRequestFailure>,
): Promise<SessionsGrant | TokenRequestFailure> {
  if (!TOKEN_REQUEST_CHANNEL.hasSubscribers) return await send();
  const answered: { result?: SessionsGrant | TokenRequestFailure } = {};
  // A failure is a value here. The channel has it as what it becomes for callers.
  const end = async (): Promise<void> => {
    answered.result = await send();
    if (answered.result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(answered.result);
  };
  try {
    await TOKEN_REQUEST_CHANNEL.tracePromise(end, { ...trace });
  } catch (error) {
    if (answered.result === undefined) throw error;
  }
  return answered.result!;
}
