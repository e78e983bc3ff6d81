import { Agent, request } from 'undici';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';

/** The pipeline of the Azure SDKs: the usual policies, a bearer token from a credential that has it at hand, JSON. */
export function createAzurePipeline(baseURL, token, tlsOptions) {
  const client = createDefaultHttpClient();
  const pipeline = createPipelineFromOptions({ tlsOptions });
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 86_400_000 }) };
  const allowInsecureConnection = baseURL.startsWith('http:');
  // It sends no bearer token in clear.
  if (!allowInsecureConnection) {
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'bench' }));
  }
  const given = allowInsecureConnection ? { authorization: `Bearer ${token}` } : {};
  return async (path) => {
    const sent = createPipelineRequest({
      url: baseURL + path,
      headers: createHttpHeaders(given),
      allowInsecureConnection,
    });
    const { bodyAsText } = await pipeline.sendRequest(client, sent);
    return JSON.parse(bodyAsText);
  };
}

/** `undici.request()` with a static header. */
export function createUndici(baseURL, token, options = {}) {
  const dispatcher = new Agent({ connections: 128, ...options });
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: async (path) => await (await request(baseURL + path, { dispatcher, headers })).body.json(),
    stop: () => dispatcher.destroy(),
  };
}
