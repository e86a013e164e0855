import { runProgram } from '../../reference/running/program';
import { readSettings } from '../../reference/settings';
import { runImport } from '../../reference/worker/import-job';
import { startWorker, WORKER_SETTINGS } from '../../reference/worker/worker';
import { announce } from '../functions/sandbox';
import { changesOf } from '../services/fault-context';

const settings = readSettings(process.env, WORKER_SETTINGS);
const { changes, context } = changesOf('worker');
const parts = { runImport };

await runProgram(
  async () => {
    const worker = await startWorker(settings, changes.workerParts?.(parts, context) ?? parts);
    announce('');
    return worker;
  },
  () => settings.stopTimeoutMs,
);
