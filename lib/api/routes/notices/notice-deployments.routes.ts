import type { Create, List, Read } from '../../shapes/crud.js';
import type { OpenText, Owned, Versioned } from '../../shapes/fields.js';

/**
 * The publication of a config. By default, three can run in parallel.
 *
 * @publicApi
 */
export interface NoticeDeployment extends Versioned {
  readonly id: string;
  readonly notice_id: string;
  readonly organization_id: string;
  readonly production_config_id: string;
  /** What is deployed, in words. */
  readonly message: string;
  readonly status?: OpenText<'ready' | 'running' | 'failure' | 'success'>;
}

/**
 * A config to publish.
 *
 * @publicApi
 */
export interface NoticeDeploymentInput extends Owned {
  readonly notice_id: string;
  /** The config to deploy, usually the draft. Didomi then creates a new draft. */
  readonly production_config_id: string;
  /** What is deployed, in words. */
  readonly message?: string;
}

type Path = '/widgets/notices/deployments';

export interface NoticeDeploymentsRoutes
  extends
    List<Path, NoticeDeployment>,
    Create<Path, NoticeDeployment, NoticeDeploymentInput>,
    Read<Path, NoticeDeployment> {}
