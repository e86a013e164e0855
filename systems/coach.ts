import type { SystemConfig } from '../lib/model/system';
import { COACH_MASKED } from './coach-masked';

/** Edge, Core, Workers and AI Coach on Postgres, Valkey and S3. @see docs/systems/coach.md */
export const coach = {
  name: 'coach',
  front: 'edge',
  services: {
    edge: {
      kind: 'web',
      port: 8080,
      uses: ['cache'],
      calls: ['core'],
      secrets: { EDGE_HMAC_SECRETS: 'edge-hmac' },
      readsFlags: true,
    },
    core: {
      kind: 'web',
      port: 8080,
      uses: ['db', 'cache', 'objects'],
      calls: ['ai'],
      secrets: { EDGE_HMAC_SECRETS: 'edge-hmac', AI_HMAC_SECRETS: 'ai-hmac' },
      signsTokens: true,
      internalName: 'api',
    },
    ai: { kind: 'web', port: 8080, uses: [], secrets: { AI_HMAC_SECRETS: 'ai-hmac' }, scalesOn: 'requests' },
    worker: {
      kind: 'worker',
      uses: ['db', 'cache', 'objects'],
      calls: ['ai'],
      queues: ['import'],
      readsFlags: true,
      secrets: { AI_HMAC_SECRETS: 'ai-hmac' },
    },
  },
  stores: {
    db: {
      kind: 'postgres',
      readReplicas: 0,
      poolPerTask: 8,
      restoreChecks: {
        'accounts are there': 'select exists (select from accounts)',
        // a backup is made each day, and tried a few hours after one
        'the newest event is of the last day':
          "select coalesce(max(created_at) > now() - interval '26 hours', false) from outbox",
        'every reflection has its account':
          'select not exists (select from reflections r where not exists (select from accounts a where a.name = r.account))',
        'the schema says which migrations made it': 'select exists (select from schema_migrations)',
      },
    },
    cache: { kind: 'cache' },
    objects: { kind: 'bucket', archiveAfterDays: 30 },
  },
  probes: [
    {
      id: 'login',
      kind: 'http',
      path: '/auth/me',
      boundMs: 250,
      objective: { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 0.3 },
    },
    {
      id: 'reflect',
      kind: 'delivery',
      path: '/ws',
      boundMs: 3_000,
      objective: { p0: 0.05, pTol: 0.1, typical: 0.02, mustCatch: 0.2, perMinute: 10, burst: 3, weight: 0.3 },
    },
    {
      id: 'import',
      kind: 'job',
      path: '/imports',
      queue: 'import',
      boundMs: 60_000,
      objective: { p0: 0.1, pTol: 0.25, typical: 0.03, mustCatch: 0.5, perMinute: 2, burst: 2, weight: 0.15 },
    },
    {
      id: 'success',
      kind: 'success',
      objective: { p0: 0.01, pTol: 0.03, typical: 0.002, mustCatch: 0.05, perMinute: 30, burst: 3, weight: 0.25 },
    },
    {
      id: 'traffic',
      kind: 'traffic',
      objective: { p0: 0.01, pTol: 0.03, typical: 0.002, mustCatch: 0.05, weight: 0.3 },
    },
    {
      id: 'ai',
      kind: 'fixture',
      path: '/indicators',
      body: { prices: [101.5, 102.25, 101, 103.75, 104.5, 103, 105.25, 106, 104.75, 107.5, 108.25, 107], window: 4 },
      perMinute: 1,
      burst: 1,
      confirm: 2,
    },
  ],
  registry: { account: '444444444444', region: 'ap-southeast-1' },
  tasks: {
    // on Valkey the queue has no schema, so the migration never opens this
    migrate: { image: 'migrate', uses: ['db'], environment: { QUEUE_URL: 'redis://none' } },
    seed: { image: 'seed', uses: ['db'], secrets: { PROBE_PASSWORD: 'probe' } },
  },
  flags: { HEURISTICS_ONLY: true, FEATURE_VENDOR_FALLBACK: false, FEATURE_BINANCE: false },
  delivery: {
    repository: {
      owner: 'example',
      name: 'coach',
      connection: 'arn:aws:codeconnections:ap-southeast-1:444444444444:connection/00000000-0000-4000-8000-000000000000',
    },
    notify: ['releases@coach.example.com'],
    // on Monday, when staging is up again and nobody works with it yet
    maskedData: { from: 'prod', to: 'staging', columns: COACH_MASKED, cron: '15 23 ? * SUN *' },
    pipelines: {
      dev: { trigger: { on: 'pull-request', into: ['main'] } },
      staging: { trigger: { on: 'push', branches: ['main'] } },
      prod: {
        trigger: { on: 'tag', tags: ['v*'], except: ['v*-rc*'] },
        window: { timeZone: 'Asia/Singapore', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
      },
    },
  },
  envs: {
    dev: {
      account: '111111111111',
      region: 'ap-southeast-1',
      domain: 'dev.coach.example.com',
      hostedZone: { id: 'Z000000000000000001', name: 'dev.coach.example.com' },
      notify: ['releases@coach.example.com'],
      allowedAddresses: ['203.0.113.0/24'],
      services: { ai: { size: { memoryMiB: 1024, maxCount: 1 } } },
    },
    staging: {
      account: '222222222222',
      region: 'ap-southeast-1',
      domain: 'staging.coach.example.com',
      hostedZone: { id: 'Z000000000000000002', name: 'staging.coach.example.com' },
      notify: ['releases@coach.example.com'],
      services: { ai: { size: { memoryMiB: 1024 } } },
    },
    prod: {
      account: '333333333333',
      region: 'ap-southeast-1',
      domain: 'app.coach.example.com',
      hostedZone: { id: 'Z000000000000000003', name: 'coach.example.com' },
      notify: ['releases@coach.example.com'],
      recoveryRegion: 'ap-northeast-1',
      services: { ai: { size: { minCount: 1, maxCount: 3 } } },
    },
  },
} as const satisfies SystemConfig;
