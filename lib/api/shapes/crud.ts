import type { DidomiListQuery } from './didomi-list-query.js';
import type { DidomiPage } from './didomi-page.interface.js';

/** `GET /path`, a list. */
export type List<Path extends string, Entity, Query = DidomiListQuery<Entity>> = {
  readonly [Route in `GET ${Path}`]: { query: Query; response: DidomiPage<Entity>; item: Entity };
};

/** `POST /path`. */
export type Create<Path extends string, Entity, Input> = {
  readonly [Route in `POST ${Path}`]: { body: Input; response: Entity };
};

/** `GET /path/{id}`. */
export type Read<Path extends string, Entity> = { readonly [Route in `GET ${Path}/{id}`]: { response: Entity } };

/** `PUT /path/{id}`: the whole entity. */
export type Replace<Path extends string, Entity, Input> = {
  readonly [Route in `PUT ${Path}/{id}`]: { body: Input; response: Entity };
};

/** `PATCH /path/{id}`: only what changes. */
export type Change<Path extends string, Entity, Input> = {
  readonly [Route in `PATCH ${Path}/{id}`]: { body: Input; response: Entity };
};

/** `DELETE /path/{id}`, which returns the deleted entity. */
export type Remove<Path extends string, Entity> = { readonly [Route in `DELETE ${Path}/{id}`]: { response: Entity } };

/**
 * The six routes of a regular family.
 *
 * @param Input the body of POST and PUT.
 * @param Changes the body of PATCH.
 */
export type Crud<Path extends string, Entity, Input, Changes = Partial<Input>> = List<Path, Entity> &
  Create<Path, Entity, Input> &
  Read<Path, Entity> &
  Replace<Path, Entity, Input> &
  Change<Path, Entity, Changes> &
  Remove<Path, Entity>;
