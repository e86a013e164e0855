import { EDGE_SETTINGS, startEdge } from '../../reference/edge/edge';
import { runProgram } from '../../reference/running/program';
import { readSettings } from '../../reference/settings';
import { announce } from '../functions/sandbox';
import { changesOf } from '../services/fault-context';

const settings = readSettings(process.env, EDGE_SETTINGS);
const { changes, context } = changesOf('edge');

await runProgram(
  async () => {
    const edge = await startEdge(settings);
    changes.edge?.(edge.app, context);
    announce(await edge.listen());
    return edge;
  },
  () => settings.stopTimeoutMs,
);
