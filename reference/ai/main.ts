import { runProgram } from '../running/program';
import { readSettings } from '../settings';
import { AI_SETTINGS, startAi } from './ai';

let stopTimeoutMs = 0;

await runProgram(
  async () => {
    const settings = readSettings(process.env, AI_SETTINGS);
    stopTimeoutMs = settings.stopTimeoutMs;
    const ai = await startAi(settings);
    await ai.listen();
    return ai;
  },
  () => stopTimeoutMs,
);
