import { z } from 'zod';
import { WEEKDAYS } from './delivery';

/** Most patterns that CodePipeline takes in one list. @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html */
const MOST_PATTERNS = 8;

const pattern = z.string().regex(/^[\w.*/+-]{1,255}$/, 'a branch, a tag or a pattern such as "v*"');
const patterns = z.array(pattern).min(1, 'at least one pattern').max(MOST_PATTERNS, 'at most 8 patterns');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as "09:00"');

const trigger = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('pull-request'), into: patterns }),
  z.strictObject({ on: z.literal('push'), branches: patterns }),
  z.strictObject({ on: z.literal('tag'), tags: patterns, except: patterns.optional() }),
]);

const window = z.strictObject({
  timeZone: z.string(),
  days: z.array(z.enum(WEEKDAYS)).min(1, 'at least one day'),
  from: time,
  to: time,
});

const pipeline = z.strictObject({ trigger, approval: z.boolean().optional(), window: window.optional() });

const repository = z.strictObject({
  owner: z.string().regex(/^[\w.-]+$/, 'the owner, e.g. "example"'),
  name: z.string().regex(/^[\w.-]+$/, 'the name, e.g. "coach"'),
  branch: z.string().optional(),
  connection: z
    .string()
    .regex(/^arn:aws[\w-]*:codeconnections:[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]{36}$/, 'the ARN of a connection'),
});

const env = z.enum(['dev', 'staging', 'prod']);
const kinds = ['name', 'email', 'digits', 'text', 'uuid', 'ip', 'date', 'secret', 'json', 'null', 'keep'] as const;
const maskedData = z
  .strictObject({
    ...{ from: env, to: env },
    columns: z.record(z.string(), z.record(z.string(), z.enum(kinds))),
    stays: z.array(z.string()).optional(),
    cron: z
      .string()
      .regex(/^(\S+ ){5}\S+$/, 'six fields, e.g. "0 0 ? * MON *"')
      .optional(),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'another environment than from' });

export const deliverySchema = z.strictObject({
  repository,
  notify: z.array(z.email('an e-mail address')).optional(),
  pipelines: z.strictObject({ dev: pipeline.optional(), staging: pipeline.optional(), prod: pipeline.optional() }),
  maskedData: maskedData.optional(),
});
