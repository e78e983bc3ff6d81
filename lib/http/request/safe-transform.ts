import type { AxiosRequestTransformer } from 'axios';
import { types } from 'node:util';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { codeOf } from '../../connection/error-code.js';
import { axiosSentence } from '../failures/unsendable.js';

/** What JSON writes as `{}`, whatever it holds; a promise is an `await` that was forgotten. */
const WRITTEN_AS_NOTHING: readonly ((body: unknown) => boolean)[] = [
  types.isMap,
  types.isSet,
  types.isPromise,
  types.isGeneratorObject,
  types.isWeakMap,
  types.isWeakSet,
  types.isRegExp,
  types.isNativeError,
];

/**
 * A request transform of Axios that fails with an error of this library, and takes no body that would be lost on the way.
 *
 * @throws DidomiRequestError for a body that cannot be written.
 */
export function safeTransform(transform: AxiosRequestTransformer): AxiosRequestTransformer {
  return function (body: unknown, headers): unknown {
    if (typeof body === 'object' && WRITTEN_AS_NOTHING.some((isLost) => isLost(body))) {
      throw refusal('it has no form in JSON: send a plain object, a list or text');
    }
    let written: unknown;
    try {
      written = transform.call(this, isView(body) ? bytesOf(body) : body, headers);
    } catch (error) {
      throw refusal(axiosSentence(error) ?? reasonOf(error));
    }
    if (written === undefined && body !== undefined) throw refusal('its toJSON() returns undefined');
    return written;
  };
}

/** Of a view Axios sends the whole buffer, with whatever else is in it. */
function isView(body: unknown): body is ArrayBufferView {
  return ArrayBuffer.isView(body) && !Buffer.isBuffer(body);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function reasonOf(error: unknown): string {
  const isTooDeep =
    (error as Error | undefined)?.name === 'RangeError' || codeOf(error) === 'ERR_FORM_DATA_DEPTH_EXCEEDED';
  return isTooDeep
    ? 'it is circular or nested too deeply'
    : 'it is circular, or holds a BigInt or a symbol, or a toJSON() or the formSerializer fails';
}

function refusal(why: string): DidomiRequestError {
  return new DidomiRequestError(`The body of the request cannot be written: ${why}`);
}
