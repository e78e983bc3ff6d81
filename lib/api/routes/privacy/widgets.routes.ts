import type { Create, List, Read } from '../../shapes/crud.js';
import type { DidomiPageQuery, DidomiSort } from '../../shapes/didomi-list-query.js';
import type { Dated, JsonObject, OpenText } from '../../shapes/fields.js';

interface WidgetFields {
  readonly name?: string;
  readonly format?: OpenText<'embeddable' | 'hosted'>;
  readonly template_id?: OpenText<'sections' | 'sections_and_save' | 'full_preference_center' | 'dsar_form'>;
  /** Whether the application renders it. Requires the format `embeddable`. */
  readonly headless?: boolean;
  readonly selected_purposes_ids?: readonly string[];
  readonly selected_preferences_ids?: readonly string[];
}

/**
 * A form that collects preferences or privacy requests. Documented by examples only, so other members are possible.
 *
 * @publicApi
 */
export interface Widget extends Dated, WidgetFields {
  readonly id: string;
  readonly organization_id?: string;
  readonly [Field: string]: unknown;
}

/**
 * A new widget, or changes of an existing one.
 *
 * @publicApi
 */
export interface WidgetInput extends WidgetFields {
  readonly [Field: string]: unknown;
}

/**
 * The publication of a widget.
 *
 * @publicApi
 */
export interface WidgetDeployment extends Dated {
  readonly id: string;
  readonly organization_id: string;
  readonly widget_id: string;
  readonly config?: JsonObject;
  readonly deployment_id?: string;
}

/**
 * A widget to publish.
 *
 * @publicApi
 */
export interface WidgetDeploymentInput {
  readonly widget_id: string;
}

/**
 * The purposes and preferences available to widgets.
 *
 * @publicApi
 */
export interface ConfigTree extends Dated {
  readonly id: string;
  readonly organization_id?: string;
  readonly [Field: string]: unknown;
}

interface WidgetDeploymentsQuery extends DidomiPageQuery {
  readonly widget_id?: string;
  readonly $sort?: DidomiSort<Dated>;
}

/** `/widgets/deployments` and `/config-trees` return arrays. */
export interface WidgetsRoutes
  extends
    List<'/widgets', Widget, DidomiPageQuery>,
    Create<'/widgets', Widget, WidgetInput>,
    Read<'/widgets', Widget>,
    Create<'/widgets/deployments', WidgetDeployment, WidgetDeploymentInput>,
    Read<'/widgets/deployments', WidgetDeployment> {
  'PATCH /widgets/{id}': { body: WidgetInput; response: Widget };
  'GET /widgets/deployments': {
    query: WidgetDeploymentsQuery;
    response: readonly WidgetDeployment[];
    item: WidgetDeployment;
  };
  'GET /config-trees': { query: DidomiPageQuery; response: readonly ConfigTree[]; item: ConfigTree };
}
