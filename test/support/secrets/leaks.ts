import { findAllReachable } from '../find-reachable.js';
import { canaries } from './canaries.js';
import { PRINTERS } from './printers.js';

/** Which printers print which secrets of a value, and the paths on which a printer could reach one. */
export function leaksOf(value: unknown): string[] {
  const secrets = canaries();
  const printed = Object.entries(PRINTERS).flatMap(([printer, print]) => {
    const text = print(value);
    return secrets.filter((secret) => text.includes(secret)).map((secret) => `${printer}: ${secret}`);
  });
  return [...printed, ...reachable(value)];
}

/** The paths on which a printer could reach a secret. Much faster than all printers, so that each method can be checked. */
export function reachable(value: unknown): string[] {
  return findAllReachable(value, canaries());
}
