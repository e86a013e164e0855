import { runProgram } from '../running/program';
import { readSettings } from '../settings';
import { EDGE_SETTINGS, startEdge } from './edge';

let stopTimeoutMs = 0;

await runProgram(
  async () => {
    const settings = readSettings(process.env, EDGE_SETTINGS);
    stopTimeoutMs = settings.stopTimeoutMs;
    const edge = await startEdge(settings);
    await edge.listen();
    return edge;
  },
  () => stopTimeoutMs,
);
