import { BENCH_PLAN, DEFAULT_PLAN, IMPORT, LOGIN, REFLECT, SUCCESS } from '../../lib/model/gate-defaults';
import { BENCH_PLAN_V1, DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import type { Plan, RateProbe } from '../../lib/model/gate-plan';
import { gatePolicy, TRAFFIC_ID } from './gate-policy';
import { argo, cloudWatch, endOfRun, flagger, growthBook, kayenta, ratioTest } from './peer-policies';
import type { Policy, SimMinute } from './policy';
import type { Draw } from './random';
import { type Kind, SCENARIOS, type Scenario, TROUBLES } from './scenarios';
import { type Chances, drawArm, drawTraffic } from './world';

/** One scenario at one size, and everybody who judges it. */
export interface Cell {
  /** E.g. `steady .10, n 20`: what results and bars are known by, and what seeds its releases. */
  readonly name: string;
  readonly group: string;
  readonly kind: Kind;
  /** Chance of a breach of a bad release; what the bound is computed for. */
  readonly p: number;
  readonly p0: number;
  readonly policies: readonly Policy[];
  /** Requests on each arm and probe in a minute. */
  readonly n: Readonly<Record<string, number>>;
  /** Whether `--quick` runs it. */
  readonly quick: boolean;
  open(draw: Draw): CellWorld;
}

export interface CellWorld {
  minute(minute: number): SimMinute;
  /** Chance of a breach that users on the canary meet. */
  users(minute: number): Chances;
}

/** Names of the gate's own policies. */
export const GATE = 'this gate';
export const GATE_V1 = 'plan version 1';
export const GATE_DEFAULT = 'default constants';

const SIZES = [10, 20, 30];
const WATCHED = [LOGIN];
const PEERS: readonly Policy[] = [
  cloudWatch(WATCHED),
  argo(WATCHED),
  flagger(WATCHED),
  endOfRun(WATCHED),
  kayenta(LOGIN),
  growthBook(LOGIN, 600),
  growthBook(LOGIN, 5000),
  ratioTest(LOGIN),
];

const withLogin =
  (plan: Plan, hotfix = false) =>
  (n: Readonly<Record<string, number>>) => ({
    ...plan,
    hotfix,
    probes: [{ ...LOGIN, weight: 1, perMinute: n.login! }],
  });

function singleCell(scenario: Scenario, size: number): Cell {
  const { hotfix, finalBake } = scenario;
  const own = [
    gatePolicy(GATE, withLogin(BENCH_PLAN, hotfix), finalBake),
    gatePolicy(GATE_DEFAULT, withLogin(DEFAULT_PLAN, hotfix), finalBake),
  ];
  const before = finalBake ? [] : [gatePolicy(GATE_V1, withLogin(BENCH_PLAN_V1, hotfix)), ...PEERS];
  return {
    ...{ name: `${scenario.name}, n ${size}`, group: scenario.group, kind: scenario.kind, p: scenario.p, p0: LOGIN.p0 },
    ...{ policies: [...own, ...before], n: { login: size }, quick: size === 20 },
    open: (draw) => {
      const world = scenario.open(draw);
      return {
        users: world.canary,
        minute: (minute) => {
          const pair = {
            canary: drawArm(draw, size, world.canary(minute)),
            stable: drawArm(draw, size, world.stable(minute)),
          };
          return { minute, probes: { login: pair } };
        },
      };
    },
  };
}

const RELEASE_PROBES: readonly RateProbe[] = [LOGIN, REFLECT, IMPORT, SUCCESS];
const RELEASE_SIZES = Object.fromEntries(RELEASE_PROBES.map(({ id, perMinute }) => [id, perMinute]));
const RELEASE_POLICIES: readonly Policy[] = [
  gatePolicy(GATE, () => ({ ...DEFAULT_PLAN, probes: RELEASE_PROBES })),
  gatePolicy(GATE_V1, () => ({ ...DEFAULT_PLAN_V1, probes: RELEASE_PROBES })),
  cloudWatch(RELEASE_PROBES),
  argo(RELEASE_PROBES),
  flagger(RELEASE_PROBES),
  endOfRun(RELEASE_PROBES),
];

/** A release of four probes: all typical, or one of them raised; success meets a third of the trouble. */
function releaseCell(name: string, raised: Readonly<Record<string, number>>, trouble = TROUBLES.none!): Cell {
  const [[id, p] = ['', 0]] = Object.entries(raised);
  const p0 = RELEASE_PROBES.find((probe) => probe.id === id)?.p0 ?? LOGIN.p0;
  return {
    ...{ name: `release ${name}`, group: 'release', kind: id === '' ? 'good' : 'bad', p, p0, quick: true },
    ...{ policies: RELEASE_POLICIES, n: RELEASE_SIZES },
    open: (draw) => {
      const environment = trouble(draw);
      return {
        users: () => ({ own: p, environment: 0 }),
        minute: (minute) => {
          const [canary, stable] = environment(minute);
          const arm = ({ id: own, typical, perMinute }: RateProbe, onIt: number, isRaised: boolean) =>
            drawArm(draw, perMinute, {
              own: isRaised ? (raised[own] ?? typical) : typical,
              environment: own === SUCCESS.id ? onIt / 3 : onIt,
            });
          const pairs = RELEASE_PROBES.map((probe) => [
            probe.id,
            { canary: arm(probe, canary, true), stable: arm(probe, stable, false) },
          ]);
          return { minute, probes: Object.fromEntries(pairs) };
        },
      };
    },
  };
}

const TRAFFIC_SIZES = [
  [0, 0],
  [60, 540],
  [600, 5400],
] as const;

/** A login probe of 10 a minute beside real traffic of the same quality. */
function trafficCell(p: number, [canary, stable]: readonly [number, number]): Cell {
  const traffic: RateProbe = { ...LOGIN, id: TRAFFIC_ID, perMinute: 0, burst: 1, weight: 0.5, passive: true };
  const probes = [{ ...LOGIN, perMinute: 10, weight: 0.5 }, traffic];
  return {
    ...{ name: `traffic ${p.toFixed(2).replace(/^0/, '')}, ${canary}:${stable} a minute`, group: 'traffic' },
    ...{ kind: p > 0.05 ? 'bad' : 'good', p, p0: LOGIN.p0, n: { login: 10 }, quick: canary < 600 },
    policies: [
      gatePolicy(GATE, () => ({ ...BENCH_PLAN, probes })),
      gatePolicy(GATE_V1, () => ({ ...BENCH_PLAN_V1, probes })),
    ],
    open: (draw) => {
      const [bad, good] = [
        { own: p, environment: 0 },
        { own: 0.01, environment: 0 },
      ];
      return {
        users: () => bad,
        minute: (minute) => ({
          minute,
          probes: { login: { canary: drawArm(draw, 10, bad), stable: drawArm(draw, 10, good) } },
          traffic: { canary: drawTraffic(draw, canary, bad), stable: drawTraffic(draw, stable, good) },
        }),
      };
    },
  };
}

/** Every cell of the benchmark. */
export const CELLS: readonly Cell[] = [
  ...SCENARIOS.flatMap((scenario) => SIZES.map((size) => singleCell(scenario, size))),
  releaseCell('good', {}),
  releaseCell('good, blip', {}, TROUBLES.blip),
  releaseCell('good, outage', {}, TROUBLES['5-minute outage']),
  releaseCell('good, cold start', {}, TROUBLES['cold start']),
  releaseCell('login .10', { login: 0.1 }),
  releaseCell('login .15', { login: 0.15 }),
  releaseCell('login .50', { login: 0.5 }),
  releaseCell('reflect .20', { reflect: 0.2 }),
  releaseCell('import .50', { import: 0.5 }),
  releaseCell('success .05', { success: 0.05 }),
  ...[0.03, 0.08, 0.1, 0.2, 0.5].flatMap((p) => TRAFFIC_SIZES.map((sizes) => trafficCell(p, sizes))),
];
