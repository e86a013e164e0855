import { runProgram } from '../running/program';
import { readSettings } from '../settings';
import { startWorker, WORKER_SETTINGS } from './worker';

let stopTimeoutMs = 0;

await runProgram(
  async () => {
    const settings = readSettings(process.env, WORKER_SETTINGS);
    stopTimeoutMs = settings.stopTimeoutMs;
    return startWorker(settings);
  },
  () => stopTimeoutMs,
);
