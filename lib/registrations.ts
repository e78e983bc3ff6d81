import type { InjectionToken, Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

type Registration = ReturnType<ModulesContainer['get']> & object;

/** The modules of an application that provide a token and are this dynamic module, or a subclass of it. */
export function registrationsOf(
  modules: ModulesContainer,
  moduleClass: Type,
  token: InjectionToken,
): readonly Registration[] {
  return [...modules.values()].filter(
    ({ metatype, providers }) =>
      (metatype === moduleClass || metatype.prototype instanceof moduleClass) && providers.has(token),
  );
}
