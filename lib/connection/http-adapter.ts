import { getAdapter, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { readBody } from './response-body.js';

/** Axios' adapter for Node.js, which leaves the reading of bodies to the library. */
export function createHttpAdapter(): AxiosAdapter {
  const send = getAdapter('http');
  return async (config) => {
    const isStream = config.responseType === 'stream';
    const response = await send({
      // What others put on `Object.prototype` is no option.
      __proto__: null,
      ...config,
      decompress: false,
      responseType: isStream ? 'stream' : 'arraybuffer',
    } as InternalAxiosRequestConfig & { __proto__: null });
    response.config = config;
    await readBody(response, config);
    return response;
  };
}
