import { afterEach, beforeEach, describe, it } from 'node:test';

Object.assign(globalThis, { afterEach, beforeEach, describe, it });
