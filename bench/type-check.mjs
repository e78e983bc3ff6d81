import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMPILER = fileURLToPath(new URL('./support/compiler.mjs', import.meta.url));

const SOURCES = {
  'without DidomiApi': `
    import { DidomiHttpService } from 'nestjs-didomi';
    declare const http: DidomiHttpService;
    (await http.axiosRef.get('/consents/users/u')).data;`,
  'with DidomiApi': `
    import { DidomiApi } from 'nestjs-didomi';
    declare const api: DidomiApi;
    (await api.request('GET /consents/users/{id}', { path: { id: 'u' } })).consents;
    (await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents: { purposes: [] } } })).id;
    for await (const { name } of api.paginate('GET /properties', { query: { type: { $in: ['app'] }, $sort: { name: 1 } } })) name;
    for await (const { id } of api.paginate('GET /widgets/notices/configs', { query: { deployed_at: null } })) id;`,
};

/** CPU time of the compiler for a file that uses `DidomiApi`, beside one that does not. Each run is a process of its own. */
export async function typeCheck(report, { isQuick }) {
  const rounds = isQuick ? 1 : 7;
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    const [without, withApi] = [await cpuMs('without DidomiApi'), await cpuMs('with DidomiApi')];
    costs.push({ withApi, more: withApi - without });
  }
  const more = median(costs.map((cost) => cost.more));
  const total = median(costs.map((cost) => cost.withApi));
  report.add(
    'CPU time of a type check',
    'DidomiApi',
    `${more.toFixed(0)} ms more than without (of ${total.toFixed(0)} ms)`,
    'at most 1000 ms more',
  );
}

async function cpuMs(source) {
  const { stdout } = await run(process.execPath, [COMPILER, SOURCES[source]]);
  return Number(stdout);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
