import { describe, expect, it } from '@jest/globals';
import { Editor } from '../../support/language-service.js';

const HEAD = `import type { DidomiApi } from '../../../lib/api/didomi-api.js'; declare const api: DidomiApi;\n`;

const editor = new Editor();

function messages(code: string): string[] {
  return editor.messages(HEAD + code);
}

describe('messages of the compiler', () => {
  it.each([
    ['a misspelt path', 'GET /propertes', ['"GET /properties" | "GET /properties/{id}"']],
    ['another method', 'DELETE /quotas', ['"GET /quotas"', '"GET /quotas/{id}"']],
    ['small letters', 'get /quotas', ['"GET /quotas"', '"GET /quotas/{id}"']],
    ['a path alone', '/quotas', ['"GET /quotas"']],
    ['another text', 'quotas', ['METHOD /path, as in GET /consents/users/{id}']],
  ])('name the nearest routes for %s', (_title, route, expected) => {
    const [message = '', ...others] = messages(`await api.request('${route}');`);
    expect(others).toEqual([]);
    expect(message).toContain(`Argument of type '"${route}"' is not assignable to parameter of type`);
    for (const text of expected) expect(message).toContain(text);
    expect(message.length).toBeLessThan(250);
  });

  it.each([
    [
      'a filter',
      `await api.request('GET /keys', { query: { nme: 'x' } });`,
      `'nme' does not exist in type 'DidomiListQuery<Key>'`,
    ],
    [
      'an order',
      `await api.request('GET /keys', { query: { $sort: { nme: 1 } } });`,
      `'nme' does not exist in type 'DidomiSort<Key>'`,
    ],
    [
      'a member of a body',
      `await api.request('POST /secrets', { body: { name: 'x', descripton: 'y' } });`,
      `'descripton' does not exist in type 'SecretInput'`,
    ],
    [
      'a member of an event',
      `await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents: { purpose: [] } } });`,
      `'purpose' does not exist in type 'ConsentChoices'`,
    ],
    [
      'a choice',
      `await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents: { purposes: [{ id: 'p', enabled: 'yes' }] } } });`,
      `Type 'string' is not assignable to type 'boolean | null | undefined'`,
    ],
    [
      'a path parameter',
      `await api.request('GET /keys/{id}', { path: { ID: 'x' } });`,
      `'ID' does not exist in type '{ readonly id: string | number; }'`,
    ],
    [
      'an answer',
      `(await api.request('GET /keys/{id}', { path: { id: 'x' } })).nme;`,
      `Property 'nme' does not exist on type 'Key'`,
    ],
  ])('name what is wrong in %s', (_title, code, expected) => {
    const found = messages(code);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]?.length).toBeLessThan(250);
  });
});

describe('a project without strict null checks', () => {
  it('gets the same types of responses', () => {
    const code = `
      (await api.request('GET /keys')).data[0].id satisfies string;
      (await api.request('GET /consents/users/{id}', { path: { id: 'u' } })).version satisfies number;
      (await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents: {} } })).id satisfies string;
      const list = await api.request('POST /consents/events', { body: [{ user: { id: 'u' }, consents: {} }] });
      // @ts-expect-error the response to a list is unknown
      list.id;`;
    expect(new Editor({ strict: false }).messages(HEAD + code)).toEqual([]);
  });
});

describe('proposals of an editor', () => {
  it('are routes', () => {
    expect(editor.proposals(`${HEAD}api.request('GET /consents/us▮`)).toEqual(
      expect.arrayContaining(['GET /consents/users', 'GET /consents/users/{id}']),
    );
    expect(editor.proposals(`${HEAD}api.request('▮`).length).toBeGreaterThan(190);
  });

  it('are the routes of lists for paginate()', () => {
    const proposals = editor.proposals(`${HEAD}api.paginate('▮`);
    expect(proposals).toContain('GET /consents/users');
    expect(proposals).not.toContain('GET /consents/users/{id}');
  });

  it('are the options of the route, and the fields of the entity', () => {
    expect(editor.proposals(`${HEAD}api.request('GET /keys', { ▮ })`)).toEqual(
      expect.arrayContaining(['query', 'signal', 'timeoutMs']),
    );
    expect(editor.proposals(`${HEAD}api.request('GET /keys', { query: { ▮ } })`)).toEqual(
      expect.arrayContaining(['$limit', '$skip', '$sort', 'enabled', 'name']),
    );
  });
});

describe('types that an editor shows', () => {
  it.each([
    [`const ▮x = await api.request('GET /consents/users/{id}', { path: { id: 'u' } });`, 'const x: ConsentUser'],
    [`const ▮x = await api.request('GET /keys');`, 'const x: DidomiPage<Key>'],
    [`const ▮x = api.paginate('GET /properties');`, 'const x: DidomiPages<Property>'],
    [
      `const ▮x = await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents: {} } });`,
      'const x: ConsentEvent',
    ],
    [
      `await api.▮request('GET /consents/users/{id}', { path: { id: 'u' } });`,
      '(method) DidomiApi.request<"GET /consents/users/{id}", unknown>(route: "GET /consents/users/{id}", ' +
        'options: DidomiApiOptions<"GET /consents/users/{id}">): Promise<ConsentUser>',
    ],
  ])('%s', (code, expected) => {
    expect(editor.hover(HEAD + code)).toBe(expected);
  });
});

describe('for the testing kit, an editor', () => {
  const KIT = `import type { DidomiTestingController } from '../../../lib/testing/index.js'; declare const didomi: DidomiTestingController;\n`;

  it('proposes routes and path parameters, and says what an answer lacks', () => {
    expect(editor.proposals(`${KIT}didomi.when('▮')`)).toEqual(expect.arrayContaining(['GET /properties']));
    expect(editor.proposals(`${KIT}didomi.when('GET /keys/{id}', { path: { ▮ } })`)).toEqual(['id']);
    const [message, ...others] = editor.messages(`${KIT}didomi.match('GET /keys/{id}')[0]?.flush({ name: 'k' });`);
    expect(others).toEqual([]);
    expect(message).toBe(
      "Argument of type '{ name: string; }' is not assignable to parameter of type 'Key'.\n" +
        "  Property 'id' is missing in type '{ name: string; }' but required in type 'Key'.",
    );
  });
});
