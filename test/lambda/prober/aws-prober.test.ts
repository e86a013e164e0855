import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Brief } from '../../../lambda/gate/tick';
import type { ProberCall, ProberResult } from '../../../lambda/prober/invocation';
import { PROBER_VARIABLES, type ProberConfig } from '../../../lib/model/gate-config';
import { DEFAULT_PLAN } from '../../../lib/model/gate-defaults';
import { AwsEndpoint } from '../gate/aws-endpoint';
import { answer, StandIn } from '../probes/stand-in';

const objective = { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 1 };
const BRIEF: Brief = {
  ...{ live: true, release: 'v2', stable: 'v1', plan: DEFAULT_PLAN, rates: { login: 4 }, expected: {} },
};
const ENVIRONMENT = { ...process.env };

let endpoint: AwsEndpoint;
let doors: Readonly<Record<'v1' | 'v2', StandIn>>;
/** The shipped handler, as Lambda loads it. */
let handler: (event: ProberCall) => Promise<ProberResult>;

function door(release: string): Promise<StandIn> {
  const signedIn = { csrfToken: 't' };
  return StandIn.open((_, response) =>
    answer(response, { release, body: signedIn, headers: { 'set-cookie': 'session=1' } }),
  );
}

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  endpoint = await AwsEndpoint.open(({ operation, body }) => {
    if (operation === 'GetSecretValue') return { body: { SecretString: '{"user":"probe","password":"p"}' } };
    if (operation !== '') return { body: {} };
    return { body: JSON.parse(body).call === 'brief' ? BRIEF : { minutes: 1, because: 'baking', ended: false } };
  });
  doors = { v1: await door('v1'), v2: await door('v2') };
  const config: ProberConfig = {
    ...{ system: 'coach', env: 'prod', minuteMs: 100, innerUrls: {} },
    probes: [{ id: 'login', kind: 'http', path: '/auth/me', boundMs: 5_000, objective }],
    ...{ productionUrl: doors.v1.entrance().baseUrl, testUrl: doors.v2.entrance().baseUrl },
  };
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: endpoint.client.endpoint, AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' },
    ...{ [PROBER_VARIABLES.config]: JSON.stringify(config), [PROBER_VARIABLES.gateFunction]: 'gate' },
    ...{ [PROBER_VARIABLES.metricNamespace]: 'coach/prod/release', [PROBER_VARIABLES.account]: 'coach/prod/probe' },
  });
  ({ handler } = require('../../../lambda/prober/prober.lambda'));
}, 30_000);

afterAll(() => {
  process.env = ENVIRONMENT;
  endpoint.close();
  for (const one of Object.values(doors)) one.close();
});

interface Published {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Value: number;
    readonly Dimensions: object[];
  }[];
}

test('the shipped handler asks the gate, measures both arms, publishes, and calls the gate at the end', async () => {
  expect(await handler({ call: 'minute' })).toMatchObject({ release: 'v2', samples: 8, tick: { because: 'baking' } });

  const data = endpoint.bodies<Published>('PutMetricData');
  const samples = (arm: string) =>
    data
      .flatMap(({ MetricData }) => MetricData)
      .filter(
        ({ MetricName, Dimensions }) =>
          MetricName === 'Samples' && Dimensions.length === 3 && JSON.stringify(Dimensions).includes(arm),
      )
      .reduce((sum, { Value }) => sum + Value, 0);
  expect([samples('canary'), samples('stable')]).toEqual([4, 4]);
  expect(new Set(data.map(({ Namespace }) => Namespace))).toEqual(new Set(['coach/prod/release']));

  const invoked = endpoint.calls.filter(({ path }) => path.includes('/functions/gate/'));
  expect(invoked.map(({ body }) => body)).toEqual(['{"call":"brief"}', '{"call":"tick"}']);
  expect(endpoint.calls.at(-1)?.body).toBe('{"call":"tick"}');
});

test('and answers the gate’s smoke test by the front’s own test rule', async () => {
  expect(await handler({ call: 'smoke', service: 'edge', lane: 'front' })).toMatchObject({
    release: 'v2',
    healthy: true,
  });
  expect(doors.v2.asked.at(-1)).toBe('GET /health');
});
