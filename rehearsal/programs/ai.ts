import { AI_SETTINGS, startAi } from '../../reference/ai/ai';
import { computeIndicators } from '../../reference/ai/indicators';
import { runProgram } from '../../reference/running/program';
import { readSettings } from '../../reference/settings';
import { announce } from '../functions/sandbox';
import { changesOf } from '../services/fault-context';

const settings = readSettings(process.env, AI_SETTINGS);
const { changes, context } = changesOf('ai');
const parts = { compute: computeIndicators };

await runProgram(
  async () => {
    const ai = await startAi(settings, changes.aiParts?.(parts, context) ?? parts);
    announce(await ai.listen());
    return ai;
  },
  () => settings.stopTimeoutMs,
);
