// node:test has no globals of its own.
import { afterEach, describe, it } from 'node:test';

Object.assign(globalThis, { afterEach, describe, it });
