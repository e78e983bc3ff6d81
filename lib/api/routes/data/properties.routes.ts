import type { Crud } from '../../shapes/crud.js';
import type { OpenText, Owned, Versioned } from '../../shapes/fields.js';

/**
 * A website or an app. Documented by examples only, so most of it is optional.
 *
 * @publicApi
 */
export interface Property extends Versioned {
  readonly id: string;
  readonly organization_id?: string;
  readonly name?: string;
  readonly type?: PropertyType;
  readonly website?: string;
}

/**
 * The kind of a property.
 *
 * @publicApi
 */
export type PropertyType = OpenText<'website' | 'app'>;

/**
 * A new property, or new values of an existing one.
 *
 * @publicApi
 */
export interface PropertyInput extends Owned {
  readonly name: string;
  readonly type?: PropertyType;
  readonly website?: string;
}

export interface PropertiesRoutes extends Crud<'/properties', Property, PropertyInput> {}
