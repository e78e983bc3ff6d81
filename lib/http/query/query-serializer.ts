import { types } from 'node:util';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/**
 * The query of a request. A list repeats its key (`status[$in]=a&status[$in]=b`), a nested object uses brackets, a list of
 * objects or lists uses positions (`$or[0][id]=a`), and `null` is the text `null`. Only `undefined` is left out.
 *
 * @throws DidomiRequestError for a filter that would get lost on the way. Names the parameter, never a value.
 */
export function serializeQuery(params: unknown): string {
  if (params === undefined || params === null) return '';
  const writer = new QueryWriter();
  if (params instanceof URLSearchParams) {
    params.forEach((value, name) => writer.pair(encodeURIComponent(name), encodeURIComponent(value)));
  } else {
    writer.root(params);
  }
  return writer.query;
}

/** Writes one query. Keys are handed down encoded; an error decodes the one it names. */
class QueryWriter {
  query = '';
  /** The objects and lists around the value being written. */
  readonly #ancestors: unknown[] = [];

  root(params: unknown): void {
    const root = hasToJSON(params) ? params.toJSON() : params;
    if (!isRecord(root)) throw new DidomiRequestError('params has to be a plain object or a URLSearchParams');
    this.#ancestors.push(params);
    this.#members('', root);
  }

  pair(key: string, encoded: string): void {
    this.query += this.query === '' ? `${key}=${encoded}` : `&${key}=${encoded}`;
  }

  #members(parent: string, record: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(record)) {
      const value = record[name];
      if (value !== undefined) this.#value(memberKey(parent, name), value, false);
    }
  }

  #value(key: string, value: unknown, isInList: boolean): void {
    if (typeof value === 'string') this.pair(key, encode(value, key));
    else if (typeof value === 'boolean' || typeof value === 'bigint' || value === null) this.pair(key, String(value));
    else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw refusal(key, 'is NaN or infinite: send a finite number');
      this.pair(key, encodeURIComponent(value));
    } else if (typeof value === 'object') this.#object(key, value, isInList);
    else if (value !== undefined) throw refusal(key, `is a ${typeof value}: send text, a number, a boolean or null`);
  }

  #object(key: string, value: object, isInList: boolean): void {
    if (types.isDate(value) && Number.isNaN(value.getTime())) throw refusal(key, 'is no valid Date: send a valid one');
    if (this.#ancestors.includes(value)) throw refusal(key, 'leads back to an object around it: leave it out');
    this.#ancestors.push(value);
    if (Array.isArray(value)) this.#list(key, value, isInList);
    else if (hasToJSON(value)) this.#value(key, value.toJSON(), isInList);
    else this.#record(key, value);
    this.#ancestors.pop();
  }

  #record(key: string, value: object): void {
    if (!isRecord(value)) throw refusal(key, 'has no form in a query: send text, a list or a plain object');
    if (Object.keys(value).length === 0) throw refusal(key, 'is an empty object: fill it or leave it out');
    this.#members(key, value);
  }

  #list(key: string, items: readonly unknown[], isInList: boolean): void {
    // Under a repeated key an object has no place, and a list of one value cannot be told from the value.
    const hasPositions = isInList || items.some(isContainer);
    let position = 0;
    for (const item of items) {
      const { length } = this.query;
      this.#value(hasPositions ? `${key}%5B${position}%5D` : key, item, true);
      if (this.query.length > length) position += 1;
    }
    if (position === 0) throw refusal(key, 'is an empty list: fill it or leave it out');
  }
}

function memberKey(parent: string, name: string): string {
  if (name === '') throw refusal(parent, 'has a member without a name: name it');
  if (parent === '') return encode(name, parent);
  if (/[[\]]/.test(name)) throw refusal(parent, 'has a name with brackets inside: nest objects instead');
  return `${parent}%5B${encode(name, parent)}%5D`;
}

function encode(text: string, key: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw refusal(key, 'holds half of a surrogate pair: send whole characters');
  }
}

function refusal(key: string, problem: string): DidomiRequestError {
  return new DidomiRequestError(`${key === '' ? 'params' : `The parameter ${decodeURIComponent(key)}`} ${problem}`);
}

/** Plain objects are data, so a `toJSON` among their members is no method of theirs. */
function hasToJSON(value: unknown): value is { toJSON(): unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return !isPlain && 'toJSON' in value && typeof value.toJSON === 'function';
}

/** A plain object or an instance of an application's class. A `Map`, a `Promise` and the like hide what they hold. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isContainer(item: unknown): boolean {
  const value = hasToJSON(item) ? item.toJSON() : item;
  return typeof value === 'object' && value !== null;
}
