import { hasToJSON, isRecord } from '../query/query-params.js';

const NAME = 'organization_id';

/** Routes with `organization_id` in the body. A new entity has it wherever the entity has the field. */
const CREATED_WITH_IT =
  /^POST \/(?:consents\/(?:events|tokens|users)|domains|keys|members|organizations-source-systems|widgets\/notices\/(?:deployments|generators\/\w+)|metadata\/(?:partners|purposes)(?:-(?!categories$)[\w-]+)?)$/;

/** An update has it only where Didomi requires it, as for these. Elsewhere it could move the entity to another organization. */
const ALWAYS_WITH_IT =
  /^(?:POST|PUT|PATCH) \/(?:premium-features|privacy-centers|secrets|sso-connections|widgets\/notices(?:\/(?:configs|texts(?:-contents)?))?)(?:\/\{[^/]+\})?$/;

/** Entities without `organization_id`. Query parameters are filters, and a filter on an unknown field may fail. */
const WITHOUT_IT =
  /^[A-Z]+ \/(?:compliance\/|cookies|languages|metadata\/(?:partners-categories|vendors)|organizations(?:\/|$)|platform-integrations\/|sessions|taxonomies\/|vendors)/;

/** Whether the route takes an `organization_id`. */
export function hasOrganization(route: string): boolean {
  return !WITHOUT_IT.test(route);
}

/** The organization that a request names in its query, or else in its body. The other one then has to name the same. */
export function organizationNamedIn(query: unknown, body: unknown): string | undefined {
  return [query, body]
    .flat()
    .map((part) => (isRecord(part) ? ownId(part) : undefined))
    .find((value) => typeof value === 'string');
}

/** Adds the organization to the body, if the route requires that and the body names none. Returns a copy. */
export function withOrganization(route: string, body: unknown, organizationId: unknown): unknown {
  if (typeof organizationId !== 'string' || !(CREATED_WITH_IT.test(route) || ALWAYS_WITH_IT.test(route))) return body;
  return Array.isArray(body) ? body.map((item) => added(item, organizationId)) : added(body, organizationId);
}

function added(given: unknown, organizationId: string): unknown {
  if (!isRecord(given)) return given;
  const body = hasToJSON(given) ? given.toJSON() : given;
  return isRecord(body) && ownId(body) === undefined ? { ...body, [NAME]: organizationId } : given;
}

function ownId(record: Readonly<Record<string, unknown>>): unknown {
  return Object.hasOwn(record, NAME) ? record[NAME] : undefined;
}
