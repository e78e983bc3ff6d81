import { reportStartFailure } from './bootstrap/report-start-failure.js';
import { start } from './bootstrap/start.js';

try {
  await start(process.env);
} catch (error) {
  reportStartFailure(error);
  process.exitCode = 1;
}
