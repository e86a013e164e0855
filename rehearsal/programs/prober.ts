import type { Brief, TickResult } from '../../lambda/gate/tick';
import { probeMinute } from '../../lambda/prober/prober';
import { PROBER_VARIABLES, type ProberConfig } from '../../lib/model/gate-config';
import { invokeAt } from '../functions/function-door';
import { serveInvocations } from '../functions/sandbox';
import { readPlaces } from '../places';
import { metricsFile } from '../ports/metrics-file';

const config = JSON.parse(process.env[PROBER_VARIABLES.config]!) as ProberConfig;
const account = JSON.parse(process.env[PROBER_VARIABLES.account]!);
const places = readPlaces();
const metrics = metricsFile(places.metrics, { minuteMs: config.minuteMs, closeAfterMin: 0 }, Date.now);

serveInvocations(() =>
  probeMinute(config, {
    brief: () => invokeAt<Brief>(places.gateUrl, { call: 'brief' }),
    tick: () => invokeAt<TickResult>(places.gateUrl, { call: 'tick' }),
    publish: (release, { minuteStart, counts }) => metrics.publish(release, minuteStart, counts),
    account: async () => account,
    now: Date.now,
  }),
);
