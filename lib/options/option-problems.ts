import { closestName } from './closest-name.js';
import { ownOptions, type OptionNames } from './own-options.js';

const MODULE_EXTRAS = ['isGlobal', 'name'];
/** Options of Axios that are options of the client here. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ['axios.baseURL', 'baseURL'],
  ['axios.timeout', 'timeoutMs'],
]);

/**
 * Collects everything that is wrong with a set of options. Messages name the option and say what to write; they never
 * contain a value, because any value may be a secret that was put in the wrong place.
 */
export class OptionProblems {
  readonly list: string[] = [];

  add(option: string, problem: string): void {
    this.list.push(`${option} ${problem}`);
  }

  /** Reports every name that is not an option. `path` is `''` or ends in a dot. */
  unknownNames(path: string, given: object, known: readonly string[]): void {
    for (const name of Object.keys(given)) {
      if (known.includes(name)) continue;
      if (path === '' && MODULE_EXTRAS.includes(name)) {
        this.add(name, 'is not one of the options: write it next to useFactory, useClass or useExisting');
        continue;
      }
      const moved = MOVED.get(path + name);
      if (moved !== undefined) {
        this.add(path + name, `is not an option: write ${moved} beside axios`);
        continue;
      }
      const closest = closestName(name, known);
      this.add(
        path + name,
        closest === undefined
          ? `is not an option: remove it (known here: ${known.join(', ')})`
          : `is not an option: did you mean ${path}${closest}?`,
      );
    }
  }

  /** A required string. Missing, of another type, empty and padded are four different mistakes. */
  text(option: string, value: unknown, hint: string): value is string {
    if (value === undefined || value === null) this.add(option, `is missing: ${hint}`);
    else if (typeof value !== 'string') this.add(option, `has to be a string: ${hint}`);
    else if (value.trim() === '') this.add(option, `is empty: ${hint}`);
    else if (value.trim() !== value) this.add(option, 'begins or ends with white space: remove it');
    else return true;
    return false;
  }

  /** An optional whole number from `min` to `max`. */
  wholeNumber(option: string, value: unknown, min: number, max: number): value is number | undefined {
    if (value === undefined) return true;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return true;
    this.add(option, `has to be a whole number from ${min} to ${max}`);
    return false;
  }

  /** An optional boolean. */
  boolean(option: string, value: unknown): value is boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return true;
    this.add(option, 'has to be true or false');
    return false;
  }

  /** An optional object. */
  object(option: string, value: unknown): value is Record<string, unknown> | undefined {
    if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return true;
    this.add(option, 'has to be an object');
    return false;
  }

  /** An optional object of options, read by {@link ownOptions}. */
  group<Name extends string>(option: string, value: unknown, known: OptionNames<Name>): Record<Name, unknown> {
    const given = this.object(option, value) ? (value ?? {}) : {};
    this.unknownNames(`${option}.`, given, Object.keys(known));
    return ownOptions(given, known);
  }
}
