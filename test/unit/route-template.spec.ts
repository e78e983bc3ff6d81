import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROUTE_WORDS, routeTemplate } from '../../lib/http/events/route-template.js';
import { DOCUMENTED, REFERENCE } from '../types/didomi-routes.js';

const PATHS = [...new Set([...REFERENCE, ...DOCUMENTED].map((route) => route.split(' ')[1]!))];

describe('the template of a route', () => {
  it.each(PATHS)('is what Didomi documents: %s', (path) => {
    const ids = ['3f2504e0', 'ada@example.org', 'Xy-7_z', '42'];
    for (const id of ids) expect(routeTemplate(path.replace('{id}', id))).toBe(path);
  });

  it('has no word that is in no documented path', () => {
    const documented = new Set(PATHS.flatMap((path) => path.split('/')));
    expect([...ROUTE_WORDS].filter((word) => !documented.has(word))).toEqual([]);
  });

  it.each([
    ['/properties/', '/properties'],
    ['//properties//1', '/properties/{id}'],
    ['/', '/'],
    ['', '/'],
    ['/Properties', '/{id}'],
    ['/consents/users/a%2Fb', '/consents/users/{id}'],
    ['/consents/users/ada/children', '/consents/users/{id}/{id}'],
    ['/something/new', '/{id}/{id}'],
  ])('of %j is %j', (route, template) => {
    expect(routeTemplate(route)).toBe(template);
  });

  it('holds words of Didomi and {id} only, few of them, whatever is asked', () => {
    const allowed = new Set(['', '{id}', ...PATHS.flatMap((path) => path.split('/'))]);
    fc.assert(
      fc.property(fc.webPath({ size: 'large' }), (path) => {
        const segments = routeTemplate(path).split('/');
        expect(segments.length).toBeLessThanOrEqual(7);
        expect(segments.filter((segment) => !allowed.has(segment))).toEqual([]);
      }),
    );
  });
});
