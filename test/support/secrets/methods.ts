import { Readable } from 'node:stream';
import { firstValueFrom, type Observable } from 'rxjs';
import type { DidomiHttpService, DidomiRequestConfig } from '../../../lib/index.js';

type Send = (http: DidomiHttpService, url: string, config: DidomiRequestConfig) => Promise<unknown>;

function observable(send: (...args: Parameters<Send>) => Observable<unknown>): Send {
  return (...args) => firstValueFrom(send(...args));
}

/** Every method that sends a request. */
export const METHODS: Readonly<Record<string, Send>> = {
  'axiosRef()': ({ axiosRef }, url, config) => axiosRef({ ...config, url }),
  'axiosRef(url)': ({ axiosRef }, url, config) => axiosRef(url, config),
  'axiosRef.request': ({ axiosRef }, url, config) => axiosRef.request({ ...config, url }),
  'axiosRef.get': ({ axiosRef }, url, config) => axiosRef.get(url, config),
  'axiosRef.delete': ({ axiosRef }, url, config) => axiosRef.delete(url, config),
  'axiosRef.head': ({ axiosRef }, url, config) => axiosRef.head(url, config),
  'axiosRef.options': ({ axiosRef }, url, config) => axiosRef.options(url, config),
  'axiosRef.post': ({ axiosRef }, url, config) => axiosRef.post(url, { a: 1 }, config),
  'axiosRef.put': ({ axiosRef }, url, config) => axiosRef.put(url, 'text', config),
  'axiosRef.patch': ({ axiosRef }, url, config) => axiosRef.patch(url, Buffer.from('bytes'), config),
  'axiosRef.post of a stream': ({ axiosRef }, url, config) => axiosRef.post(url, Readable.from(['a', 'b']), config),
  'axiosRef.postForm': ({ axiosRef }, url, config) => axiosRef.postForm(url, { a: 1 }, config),
  'axiosRef.putForm': ({ axiosRef }, url, config) => axiosRef.putForm(url, { a: 1 }, config),
  'axiosRef.patchForm': ({ axiosRef }, url, config) => axiosRef.patchForm(url, { a: 1 }, config),
  request: observable((http, url, config) => http.request({ ...config, url })),
  get: observable((http, url, config) => http.get(url, config)),
  delete: observable((http, url, config) => http.delete(url, config)),
  head: observable((http, url, config) => http.head(url, config)),
  post: observable((http, url, config) => http.post(url, { a: 1 }, config)),
  put: observable((http, url, config) => http.put(url, { a: 1 }, config)),
  patch: observable((http, url, config) => http.patch(url, { a: 1 }, config)),
  postForm: observable((http, url, config) => http.postForm(url, { a: 1 }, config)),
  putForm: observable((http, url, config) => http.putForm(url, { a: 1 }, config)),
  patchForm: observable((http, url, config) => http.patchForm(url, { a: 1 }, config)),
};
