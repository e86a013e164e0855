import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { Assembly } from './assembly';
import type { Fault } from './resources';

/** Rules of Control Tower that do not fit, each with its reason. */
export const NOT_APT: Readonly<Record<string, string>> = {
  cloudwatch_log_group_retention_period_check:
    'asks for a year; logs are kept as long as the tier says, releases in the ledger for good',
  cloudwatch_log_group_encrypted_check:
    'the key comes from another stack, which guard cannot follow; cdk-nag checks it',
  lambda_inside_vpc_check: 'it calls APIs of AWS alone; a NAT between would only be one more thing to fail',
  ecs_task_definition_memory_hard_limit_check: 'Fargate limits the task, and its one container may have all of it',
  rds_instance_multi_az_support_check: 'staging and dev have one zone',
  rds_instance_deletion_protection_enabled_check: 'staging and dev are made to be deleted',
  rds_instance_logging_enabled_check: 'asks for the logs of every engine; PostgreSQL has the three that are exported',
  rds_storage_encrypted_kms_key_check:
    'the key comes from another stack, which guard cannot follow; our own rule checks it',
  s3_bucket_logging_enabled_check:
    'the log bucket itself; the others log to a bucket of another stack, which guard cannot follow',
  s3_event_notifications_enabled_check: 'nobody acts on a new object',
  s3_bucket_object_lock_enabled_check: 'nothing here is evidence before a court; versions are kept',
  cloudfront_default_root_object_configured_check: 'nothing is served from a bucket: / is the front service',
  cloudfront_origin_failover_enabled_check:
    'a failover of reads alone helps nobody who writes; docs/recovery.md says how a region is left',
  cloudfront_access_logs_enabled_check: 'knows the older logging only; access logs are delivered to the log bucket',
  kms_create_grant_aws_service_check:
    'the account itself may use its key, as its administrators must; no service is granted more than the key policy names',
  ec2_instance_detailed_monitoring_enabled_check: 'a NAT that keeps nothing, in staging and dev',
  ec2_instance_nitro_encryption_in_transit_check: 'a NAT whose traffic is TLS already, in staging and dev',
  ec2_instance_no_public_ip_check: 'the NAT instance of staging and dev is what has a public address',
  ecs_container_insights_enabled_check:
    'knows "enabled" only, and enhanced is more; off where its metrics cost more than the tasks',
  elbv2_deletion_protection_enabled_check: 'staging and dev are made to be deleted',
  s3_bucket_default_encryption_kms_check: 'the log bucket, which the balancer writes under S3 keys only',
};

interface Checked {
  readonly not_compliant: readonly Clause[];
}
interface Clause {
  readonly Rule: { readonly name: string; readonly checks?: readonly unknown[] };
}

const RULE_FAILED = 19;

/** cfn-guard's rules of AWS Control Tower over every template. @returns undefined where there is no binary for this machine */
export function guardFaults(assemblies: readonly Assembly[]): readonly Fault[] | undefined {
  const home = dirname(
    createRequire(join(process.cwd(), 'package.json')).resolve('@cdklabs/cdk-validator-cfnguard/package.json'),
  );
  const binary = binaryIn(home);
  if (!binary) return undefined;
  const rules = join(home, 'rules', 'control-tower', 'cfn-guard');
  return assemblies.flatMap(({ stacks }) =>
    stacks.flatMap(({ name, templateFile }) =>
      run(binary, rules, templateFile)
        .filter((rule) => !(rule in NOT_APT))
        .map((rule) => ({ rule, at: name, says: 'a rule of Control Tower fails' })),
    ),
  );
}

function binaryIn(home: string): string | undefined {
  const system = { linux: 'ubuntu', darwin: 'macos' }[platform() as string];
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string];
  return system && machine ? join(home, 'bin', system, machine, 'cfn-guard') : undefined;
}

function run(binary: string, rules: string, data: string): readonly string[] {
  const options = ['--output-format', 'json', '--structured', '--show-summary', 'none'];
  const { status, stdout, stderr } = spawnSync(binary, ['validate', '--rules', rules, '--data', data, ...options], {
    ...{ encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  });
  if (status !== 0 && status !== RULE_FAILED) throw new Error(`cfn-guard: ${stderr || `ended with ${status}`}`);
  return (JSON.parse(stdout) as Checked[]).flatMap(({ not_compliant }) => not_compliant.map(({ Rule }) => Rule.name));
}
