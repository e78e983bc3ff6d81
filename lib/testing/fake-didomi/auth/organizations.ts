import { Refusal, type Call } from '../api/route.js';
import { asObject, asText, valuesOf } from '../api/input.js';

/** The organizations that requests may name: the own one, those of the options, and those of seeded entities. */
export class Organizations {
  readonly #allowsAny: boolean;
  #known = new Set<string>();
  #start: ReadonlySet<string> = new Set();

  /** @throws TypeError if the option makes no sense. */
  constructor(own: string, others: readonly string[] | 'any') {
    const isValid = others === 'any' || (Array.isArray(others) && others.every((id) => asText(id) !== undefined));
    if (!isValid) throw new TypeError("organizations must be a list of organization ids, or 'any'");
    this.#allowsAny = others === 'any';
    for (const id of [own, ...(others === 'any' ? [] : others)]) this.add(id);
  }

  add(id: string): void {
    this.#known.add(id);
  }

  /** Refuses a request that names another organization, in its query or in its body. */
  check({ query, body }: Pick<Call, 'query' | 'body'>): void {
    if (this.#allowsAny) return;
    const inputs: readonly unknown[] = Array.isArray(body) ? body : [body];
    const inBody = inputs.map((input) => asText(asObject(input)['organization_id']));
    for (const id of [...valuesOf(query, 'organization_id'), ...inBody]) {
      if (id && !this.#known.has(id)) throw Refusal.of(403, 'The API key has no access to this organization');
    }
  }

  /** Makes the organizations known now those that {@link backToStart} restores. */
  keepAsStart(): void {
    this.#start = new Set(this.#known);
  }

  backToStart(): void {
    this.#known = new Set(this.#start);
  }
}
