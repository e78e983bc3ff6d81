import type { HttpServer } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** The part of Nest's HTTP adapter that the filter uses. */
export type ResponseWriter = Pick<HttpServer, 'end' | 'isHeadersSent' | 'reply' | 'setHeader'>;

/** What responses of Express and replies of Fastify have in common. */
interface FrameworkResponse {
  readonly raw?: ServerResponse;
  getHeader(name: string): unknown;
  header(name: string, value: string): unknown;
  status(code: number): { send(body: string): unknown };
}

type PlainResponse = FrameworkResponse | ServerResponse;

/**
 * Answers without an adapter: on Express, on Fastify, and on Node's own responses, which middleware of Fastify has. The adapter of
 * Nest 11 for Fastify can neither answer those nor tell that one has begun.
 */
export const RESPONSE_WRITER: ResponseWriter = {
  isHeadersSent: (response: PlainResponse) => rawOf(response).headersSent,

  end: (response: PlainResponse) => rawOf(response).end(),

  setHeader,

  reply(response: PlainResponse, body: unknown, status: number) {
    const isJson = typeof body !== 'string';
    const text = isJson ? JSON.stringify(body) : body;
    // The handler may have named the type of its success.
    if (isJson && !/[/+]json\b/i.test(String(response.getHeader('Content-Type')))) {
      setHeader(response, 'Content-Type', 'application/json; charset=utf-8');
    }
    if (isOfFramework(response)) response.status(status).send(text);
    else response.writeHead(status).end(text);
  },
};

/** Whether {@link RESPONSE_WRITER} can answer. Adapters of other frameworks have other responses. */
export function isPlainResponse(response: unknown): response is PlainResponse {
  const { status, header, writeHead } = (response ?? {}) as Record<string, unknown>;
  return (typeof status === 'function' && typeof header === 'function') || typeof writeHead === 'function';
}

function setHeader(response: PlainResponse, name: string, value: string): void {
  if (isOfFramework(response)) response.header(name, value);
  else response.setHeader(name, value);
}

function isOfFramework(response: PlainResponse): response is FrameworkResponse {
  return 'status' in response;
}

function rawOf(response: PlainResponse): ServerResponse {
  return (isOfFramework(response) ? response.raw : undefined) ?? (response as ServerResponse);
}
