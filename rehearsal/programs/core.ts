import { CORE_PARTS, CORE_SETTINGS, startCore } from '../../reference/core/core';
import { runProgram } from '../../reference/running/program';
import { readSettings } from '../../reference/settings';
import { announce } from '../functions/sandbox';
import { changesOf } from '../services/fault-context';

const settings = readSettings(process.env, CORE_SETTINGS);
const { changes, context } = changesOf('core');

await runProgram(
  async () => {
    const core = await startCore(settings, changes.coreParts?.(CORE_PARTS, context) ?? CORE_PARTS);
    changes.core?.(core.app, context);
    announce(await core.listen());
    return core;
  },
  () => settings.stopTimeoutMs,
);
