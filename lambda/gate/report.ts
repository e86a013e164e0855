import { writeLog } from '../log';
import { renderReport } from '../report/render-report';
import { storyFrom } from '../report/story';
import type { GateContext } from './gathering';
import type { Ending } from './ledger';

/**
 * Put the report of a release that ends into the ledger.
 *
 * Never fails the caller: a release must come to its end, and what the report tells is in the ledger anyway.
 */
export async function keepReport({ ledger, config }: GateContext, id: string, ending: Ending): Promise<void> {
  const { system, env, minuteMs, services } = config;
  try {
    const story = await storyFrom(ledger, id, { system, env, minuteMs, front: services[0]!.name });
    await ledger.writeReport(id, renderReport({ ...story, ending }));
  } catch (cause) {
    writeLog('report not kept', { release: id, cause });
  }
}
