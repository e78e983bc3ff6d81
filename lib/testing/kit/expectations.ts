import type { DidomiTestRequest } from './didomi-test-request.js';
import type { RequestMatch } from './request-match.js';
import type { TestEnvironment } from './test-environment.js';

/** What a test expects of the requests of one client. */
export class Expectations {
  readonly #environment: TestEnvironment;
  readonly #client: string | undefined;

  constructor(environment: TestEnvironment, client: string | undefined) {
    this.#environment = environment;
    this.#client = client;
  }

  async one(wanted: RequestMatch): Promise<DidomiTestRequest> {
    const { log, arrivalTimeoutMs } = this.#environment;
    const found = await log.waitFor(wanted, this.#client, arrivalTimeoutMs);
    const [request] = found;
    if (request === undefined || found.length > 1) {
      const count = found.length === 0 ? `none arrived within ${arrivalTimeoutMs} ms` : `${found.length} arrived`;
      throw this.#failure(`Expected one request${this.#ofClient}, ${wanted.description}: ${count}.`);
    }
    request.take();
    return request;
  }

  none(wanted: RequestMatch): void {
    const { length } = this.#environment.log.find(wanted, this.#client);
    if (length === 0) return;
    throw this.#failure(`Expected no request${this.#ofClient}, ${wanted.description}: ${length} arrived.`);
  }

  all(wanted: RequestMatch): DidomiTestRequest[] {
    const found = this.#environment.log.find(wanted, this.#client);
    for (const request of found) request.take();
    return found;
  }

  nothingLeft(): void {
    const { log, clients } = this.#environment;
    log.stopDeadlines();
    if (clients.size === 0) throw this.#failure('This controller does not stand in for Didomi.');
    const left = log.leftOf((client) => this.#client === undefined || client === this.#client);
    if (left.length === 0) return;
    const [first] = left;
    throw this.#failure(
      left.length === 1
        ? `A request is left: ${String(first)}.`
        : `${left.length} requests are left, the first: ${String(first)}.`,
    );
  }

  get #ofClient(): string {
    return this.#client === undefined ? '' : ` of client '${this.#client}'`;
  }

  #failure(message: string): Error {
    const { log } = this.#environment;
    log.stopRequestDeadlines();
    return new Error([message, ...this.#hints, log.report].join('\n'));
  }

  get #hints(): string[] {
    const { clients } = this.#environment;
    if (clients.has(this.#client)) return [];
    if (clients.size === 0) {
      return [
        'No application uses it, so that requests may go out to the network. Write',
        '  Test.createTestingModule({ imports: [AppModule] }).overrideProvider(DIDOMI_RUNTIME).useValue(controller)',
        'overrideModule(DidomiModule) has no effect: what applications import is DidomiModule.forRoot() or forRootAsync().',
      ];
    }
    const names = [...clients].map((name) => (name === undefined ? 'the default client' : `'${name}'`));
    return [`The application has no such client, only: ${names.join(', ')}.`];
  }
}
