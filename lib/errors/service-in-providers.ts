import { DidomiConfigurationError } from './didomi-configuration.error.js';

/** The commonest mistake of a registration: Nest then makes the service itself, and has nothing to make it from. */
export function serviceInProviders(className: string, module = 'DidomiModule'): DidomiConfigurationError {
  const problem =
    `${className} is among the providers of a module: remove it there, and import ${module}.forRoot({ … }) or ` +
    `${module}.forRootAsync({ … }) instead. Where a registration is global, import nothing`;
  return new DidomiConfigurationError([problem], module);
}
