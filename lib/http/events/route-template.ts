/** The words of Didomi's paths. What is none of them is an id, or nothing that Didomi documents. */
export const ROUTE_WORDS: ReadonlySet<string> = new Set(
  (
    'analytics compliance compliances config-trees configs consents cookies dashboards-urls deployments deprecate domains dsar ' +
    'events generators integrations keys languages links marketplace members metadata notes notices organizations ' +
    'organizations-source-systems partners partners-categories partners-default-purposes ' +
    'partners-legitimate-interest-purposes partners-purposes partners-purposes-notices-regulations-overrides ' +
    'partners-purposes-templates-overrides partners-spi-purposes partners-storages platform-integrations preferences ' +
    'premium-features privacy-centers proofs properties purposes purposes-groups purposes-regulations-overrides quotas ' +
    'regulations remote-configs reports requests restrictions sdk sdk-configs secrets sessions sso-connections taxonomies ' +
    'templates texts texts-contents tokens users v1 vendors widgets'
  ).split(' '),
);

/** Didomi's longest path has five. */
const MAX_SEGMENTS = 6;

/**
 * The template of a route: `/consents/users/ada@example.org` becomes `/consents/users/{id}`. Whatever is requested, the result holds
 * no id, and there are few different ones, so that it can be the label of a metric.
 *
 * @param route without the version, such as `/consents/users`.
 */
export function routeTemplate(route: string): string {
  const segments = route.split('/', MAX_SEGMENTS * 2).filter((segment) => segment !== '');
  const known = segments.slice(0, MAX_SEGMENTS).map((segment) => (ROUTE_WORDS.has(segment) ? segment : '{id}'));
  return `/${known.join('/')}`;
}
