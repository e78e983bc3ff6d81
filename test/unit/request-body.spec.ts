import { describe, expect, it } from '@jest/globals';
import { asBytes } from '../../lib/http/request/request-body.js';
import { RequestAbort } from '../../lib/http/request/request-abort.js';

describe('asBytes()', () => {
  it('sends a stream as it is whose values it cannot see', () => {
    const body = { on: () => undefined, pipe: () => undefined };
    expect(asBytes(body, { abort: new RequestAbort(), note: undefined })).toBe(body);
    expect(Object.keys(body)).toEqual(['on', 'pipe']);
  });
});
