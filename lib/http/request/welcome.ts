import type { AxiosResponse } from 'axios';

/** Whether the caller of a request takes the status of its answer for a success, as Axios asks for it: whatever is falsy says no. */
export function isWelcome({ status, config }: Pick<AxiosResponse, 'status' | 'config'>): boolean {
  const { validateStatus } = config;
  return !validateStatus || Boolean(validateStatus(status));
}
