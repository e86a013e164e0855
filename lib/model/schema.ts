import { z } from 'zod';
import { deliverySchema } from './pipelines-schema';
import type { Problem } from './problem';
import type { SystemConfig } from './system';

/**
 * What a system may say, for whoever writes one without a type checker: a misspelt field would otherwise be ignored.
 *
 * The types in system.ts are for reading, this is for refusing; the compiler holds the two together.
 */

const count = z.int().min(0);
const share = z.number().gt(0).lt(1);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'a lower-case word of at most 30 letters, digits and hyphens');
const path = z.string().startsWith('/', 'a path that starts with "/"');
const texts = z.record(z.string(), z.string());

const size = z.strictObject({
  cpu: z.literal([256, 512, 1024, 2048, 4096]).optional(),
  memoryMiB: count.optional(),
  minCount: count.optional(),
  maxCount: z.int().min(1).optional(),
});

const service = z.strictObject({
  kind: z.enum(['web', 'worker']),
  port: z.int().min(1).max(65_535).optional(),
  uses: z.array(z.string()),
  calls: z.array(z.string()).optional(),
  queues: z.array(name).optional(),
  environment: texts.optional(),
  secrets: texts.optional(),
  internalName: name.optional(),
  signsTokens: z.boolean().optional(),
  readsFlags: z.boolean().optional(),
  scalesOn: z.enum(['connections', 'latency', 'requests', 'backlog']).optional(),
  size: size.optional(),
});

const task = z.strictObject({
  image: name,
  command: z.array(z.string()).optional(),
  uses: z.array(z.string()),
  environment: texts.optional(),
  secrets: texts.optional(),
});

const databaseSize = z.strictObject({
  instance: z.string().optional(),
  multiAz: z.boolean().optional(),
  storageGiB: z.int().min(20).optional(),
  keepDays: z.int().min(7).max(35).optional(),
});

const sqlStore = {
  readReplicas: count.optional(),
  poolPerTask: z.int().min(1).optional(),
  size: databaseSize.optional(),
  restoreChecks: texts.optional(),
};

const store = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['postgres', 'mysql']), ...sqlStore }),
  z.strictObject({
    kind: z.literal('external-postgres'),
    secret: z.string(),
    maxConnections: z.int().min(1),
    poolPerTask: z.int().min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('cache'), replicas: count.optional() }),
  z.strictObject({ kind: z.literal('bucket'), archiveAfterDays: z.int().min(30).optional() }),
]);

const passiveObjective = { p0: share, pTol: share, typical: share, mustCatch: share, weight: z.number().gt(0) };
const objective = z.strictObject({ ...passiveObjective, perMinute: z.int().min(1), burst: z.number().min(1) });
const timed = { id: name, path, boundMs: z.number().gt(0), objective };

const probe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), ...timed }),
  z.strictObject({ kind: z.literal('delivery'), ...timed }),
  z.strictObject({ kind: z.literal('job'), queue: name, ...timed }),
  z.strictObject({ kind: z.literal('health'), components: z.array(z.string()), ...timed }),
  z.strictObject({ kind: z.literal('success'), id: name, objective }),
  z.strictObject({
    ...{ kind: z.literal('traffic'), id: name, objective: z.strictObject(passiveObjective) },
    slowerThanMs: z.number().gt(0).optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('fixture'), id: name, path, body: z.record(z.string(), z.unknown()) },
    ...{ perMinute: z.int().min(1), burst: z.number().min(1), confirm: z.int().min(1) },
  }),
]);

/** Ranges are the power analysis's to judge; here only what a number is. */
const plan = z
  .strictObject({
    ...{ alpha: share, beta: share, bakeMin: count, hardStopMin: count, burnInMin: count, tailMin: count },
    ...{ corroboration: count, burnInCorroboration: count, coverage: z.number().gt(0).max(1) },
    outage: z.strictObject({ limit: share, weight: share, restart: share }),
    mute: z.strictObject({ minBreaches: count, factor: z.number().gt(0) }),
    burst: z.strictObject({ evidence: z.number(), openingMin: count, closingMin: count, lateFromMin: count }),
    ...{ recent: z.strictObject({ minutes: count, evidence: z.number() }), finalBakeCorroboration: count },
    onHardStop: z.enum(['rollback', 'pause']),
  })
  .partial();

const rollout = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all-at-once') }),
  z.strictObject({
    kind: z.literal('canary').optional(),
    percent: z.number().optional(),
    finalBakeMinutes: count.optional(),
    plan: plan.optional(),
  }),
]);

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, e.g. "ap-southeast-1"');

const account = z.string().regex(/^\d{12}$/, 'twelve digits in quotes');
const domain = z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'a domain name, e.g. "app.example.com"');

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const addresses = z
  .string()
  .regex(
    new RegExp(`^${octet}(\\.${octet}){3}(/(3[0-2]|[12]?\\d))?$`),
    'an IPv4 address or range, e.g. "203.0.113.0/24"',
  );

const environment = z.strictObject({
  account,
  region,
  domain,
  hostedZone: z.strictObject({
    id: z.string().regex(/^Z[A-Z0-9]{8,31}$/, 'an id such as "Z0123456789ABC"'),
    name: domain,
  }),
  allowedAddresses: z.array(addresses).optional(),
  notify: z.array(z.email('an e-mail address')).optional(),
  recoveryRegion: region.optional(),
  rollout: rollout.optional(),
  services: z.record(z.string(), z.strictObject({ size: size.optional(), environment: texts.optional() })).optional(),
  // which fields there are, the store's kind says: they are looked at with those they override
  stores: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const system = z.strictObject({
  name,
  front: z.string(),
  services: z.record(name, service),
  stores: z.record(name, store),
  tasks: z.record(name, task).optional(),
  registry: z.strictObject({ account, region }).optional(),
  probes: z.array(probe),
  flags: z.record(z.string(), z.boolean()).optional(),
  delivery: deliverySchema.optional(),
  envs: z.strictObject({ dev: environment, staging: environment, prod: environment }),
});

type Written = z.input<typeof system>;
// Fails to compile when a system may say what the schema refuses.
true satisfies SystemConfig extends ReadonlyDeep<Written> ? true : never;

type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;

/** Everything about the shape of a system that is missing, misspelt or of the wrong type, overrides included. */
export function shapeProblems(config: unknown): readonly Problem[] {
  const { error, data } = system.safeParse(config);
  if (error) return error.issues.flatMap((issue) => problemsOf(config, issue));
  return Object.entries(data.envs).flatMap(([env, { services = {}, stores = {} }]) => [
    ...strangers(`envs.${env}.services`, services, data.services),
    ...strangers(`envs.${env}.stores`, stores, data.stores),
    ...Object.entries(stores).flatMap(([name, override]) =>
      overrideProblems(`envs.${env}.stores.${name}`, override, data.stores[name]),
    ),
  ]);
}

function strangers(at: string, overrides: object, known: object): readonly Problem[] {
  const expected = `one of ${Object.keys(known).join(', ')}`;
  return Object.keys(overrides).flatMap((got) =>
    got in known ? [] : [{ at, got, expected, fix: 'mend the spelling, or leave it out' }],
  );
}

/** An override may say what a store of its kind may say, and no other kind. */
function overrideProblems(at: string, override: object, base: object | undefined): readonly Problem[] {
  if (base === undefined) return [];
  if ('kind' in override) return [{ at: `${at}.kind`, got: override.kind, expected: 'no such field', fix: ONE_KIND }];
  const merged = { ...base, ...override };
  const issues = store.safeParse(merged).error?.issues ?? [];
  return issues
    .flatMap((issue) => problemsOf(merged, issue))
    .map((problem) => ({ ...problem, at: `${at}.${problem.at}` }));
}

const ONE_KIND = 'leave it out: a store is of one kind everywhere';

function problemsOf(config: unknown, issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(config, [...issue.path, key]));
  const at = issue.path.join('.') || 'the system';
  if (issue.code === 'invalid_key')
    return [{ at, got: issue.path.at(-1), expected: issue.issues.map(expectation).join(' and '), fix: 'rename it' }];
  const got = valueAt(config, issue.path);
  return [{ at, got, expected: expectation(issue), fix: got === undefined ? 'add it' : 'change it' }];
}

function unknownField(config: unknown, at: readonly PropertyKey[]): Problem {
  return {
    at: at.join('.'),
    got: valueAt(config, at),
    expected: 'no such field',
    fix: 'mend the spelling, or leave it out',
  };
}

/** Our own words where the schema has them, else Zod's made to follow "expected". */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return oneOf(issue.values);
  if (issue.code === 'invalid_union' && 'options' in issue) return oneOf(issue.options as readonly unknown[]);
  return issue.message
    .replace(/^Invalid input: expected int,.*$/, 'a whole number')
    .replace(/^Invalid input: expected /, '')
    .replace(/, received .*$/, '')
    .replace(/^Too (small|big): expected \w+ to be /, 'a number ');
}

/** A kind that may be left out is told without that. */
function oneOf(values: readonly unknown[]): string {
  const written = values.filter((value) => value !== undefined).map((value) => JSON.stringify(value));
  return written.length === 1 ? `${written}` : `one of ${written.join(', ')}`;
}

function valueAt(config: unknown, at: readonly PropertyKey[]): unknown {
  return at.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], config);
}
