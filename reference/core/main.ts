import { runProgram } from '../running/program';
import { readSettings } from '../settings';
import { CORE_SETTINGS, startCore } from './core';

let stopTimeoutMs = 0;

await runProgram(
  async () => {
    const settings = readSettings(process.env, CORE_SETTINGS);
    stopTimeoutMs = settings.stopTimeoutMs;
    const core = await startCore(settings);
    await core.listen();
    return core;
  },
  () => stopTimeoutMs,
);
