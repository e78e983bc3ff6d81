import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiHandler, FakeDidomiRoute } from '../basics/route.js';

interface Found {
  readonly handler: FakeDidomiHandler;
  readonly id: string;
}

/** Finds the handler for a method and a path. */
export class FakeDidomiRouter {
  readonly #handlers = new Map<string, Map<string, FakeDidomiHandler>>();

  constructor(routes: readonly FakeDidomiRoute[]) {
    for (const [methodAndPath, handler] of routes) {
      const [method = '', path = ''] = methodAndPath.split(' ');
      const handlers = this.#handlers.get(path) ?? new Map<string, FakeDidomiHandler>();
      this.#handlers.set(path, handlers.set(method, handler));
    }
  }

  /** @param path without `/v1`. */
  find(method: string, path: string): Found {
    const slash = path.lastIndexOf('/');
    const segment = path.slice(slash + 1);
    const exact = this.#handlers.get(path);
    const handlers = exact ?? (segment === '' ? undefined : this.#handlers.get(`${path.slice(0, slash)}/{id}`));
    if (!handlers) throw FakeDidomiRefusal.of(404, 'Page not found');
    const handler = handlers.get(method);
    if (!handler) throw FakeDidomiRefusal.of(405, undefined, { Allow: [...handlers.keys()].join(', ') });
    return { handler, id: exact ? '' : decode(segment) };
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw FakeDidomiRefusal.of(400, 'The path is not encoded correctly');
  }
}
