import type { FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiResponseCache } from '../resources/response-cache.js';
import { FakeDidomiResource } from '../resources/resource.js';

/** `/properties`: websites and apps. */
export class FakeDidomiProperties {
  readonly resource: FakeDidomiResource;
  readonly routes: readonly FakeDidomiRoute[];

  constructor(clock: () => number, cache: FakeDidomiResponseCache) {
    const resource = new FakeDidomiResource('property', clock);
    this.resource = resource;
    this.routes = [
      ['GET /properties', cache.around(resource.entities, resource.list)],
      ['POST /properties', resource.create],
      ['GET /properties/{id}', resource.read],
    ];
  }
}
