import type { INestApplication } from '@nestjs/common';
import { SettingError } from '../config/setting.error.js';

const DEFAULT_PORT = 3000;
const MAX_PORT = 65_535;

/** The sample lets anybody read and write consents, so only this machine may ask unless LISTEN_HOST says otherwise. */
const DEFAULT_HOST = '127.0.0.1';

export function readPort(value: string | undefined): number {
  if (value === undefined) return DEFAULT_PORT;
  const port = /^\d+$/.test(value) ? Number(value) : NaN;
  if (port <= MAX_PORT) return port;
  throw new SettingError(`PORT has to be a whole number from 0 (any free port) to ${MAX_PORT}`);
}

/** @throws SettingError if the port or the host cannot be had. */
export async function listen(app: INestApplication, port: number, host = DEFAULT_HOST): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new SettingError(`Port ${port} is taken: set PORT to a free one, or to 0`);
    if (code === 'EACCES')
      throw new SettingError(`Port ${port} is not allowed here: set PORT to 1024 or more, or to 0`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingError('LISTEN_HOST is no address of this machine');
    throw error;
  }
}
