import type { FakeDidomiRoute } from '../basics/route.js';
import { bareList } from '../resources/lists.js';
import { FakeDidomiResource } from '../resources/resource.js';

/** `/config-trees` and `/widgets/deployments`: the lists of privacy widgets, which come without an envelope. */
export class FakeDidomiPrivacyWidgets {
  readonly configTrees: FakeDidomiResource;
  readonly deployments: FakeDidomiResource;
  readonly routes: readonly FakeDidomiRoute[];

  constructor(clock: () => number) {
    const configTrees = new FakeDidomiResource('config tree', clock);
    const deployments = new FakeDidomiResource('widget deployment', clock);
    this.configTrees = configTrees;
    this.deployments = deployments;
    this.routes = [
      ['GET /config-trees', ({ query }) => bareList(configTrees.entities.all(), query)],
      ['GET /widgets/deployments', ({ query }) => bareList(deployments.entities.all(), query)],
    ];
  }
}
