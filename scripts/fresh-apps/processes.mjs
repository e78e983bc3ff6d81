import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const STARTED_WITHIN_MS = 60_000;

const execute = promisify(execFile);

/** Without what an npx around this script was told: an npx within it would do the same. */
const { npm_config_call: _call, npm_config_package: _package, ...ENVIRONMENT } = process.env;

/** Runs a command to its end, which fails if it takes longer than `seconds` or ends with another code than 0. */
export async function run(command, args, { cwd, env, seconds }) {
  const options = { cwd, env: { ...ENVIRONMENT, CI: '1', ...env }, timeout: seconds * 1_000, killSignal: 'SIGKILL' };
  try {
    return await execute(command, args, { ...options, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const why = error.killed ? `not finished within ${seconds} s` : `exit code ${error.code}`;
    throw new Error([`${command} ${args.join(' ')}: ${why}`, error.stdout, error.stderr].filter(Boolean).join('\n'));
  }
}

/** Starts a server; resolves with what its output says about the address, once it says it. */
export async function startServer(args, { cwd, env, ready }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close');
  const found = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const match = ready.exec(output);
        if (match) resolve(match);
      });
    }
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const limit = setTimeout(() => child.kill('SIGKILL'), STARTED_WITHIN_MS);
  const match = await Promise.race([found, ended.then(() => undefined)]);
  clearTimeout(limit);
  if (match === undefined) throw new Error(`${args.join(' ')} did not start:\n${output}`);
  return { match, stop };
}
