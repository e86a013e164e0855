/** What roles of a deployed system may be given at most. Beyond it a person decides, not a pipeline. */
export interface Boundary {
  /** Patterns of actions; an action that none of them covers is beyond. */
  readonly actions: readonly string[];
  /** Patterns of actions that stay beyond, whatever the first list says. */
  readonly never: readonly string[];
  /** Patterns of actions that must name their resources. */
  readonly named: readonly string[];
  /** Patterns of ARNs of managed policies. */
  readonly managedPolicies: readonly string[];
}

/** Everything the app's own templates ask for, and nothing with which a role could widen itself, reach other accounts or destroy a store. */
export const BOUNDARY: Boundary = {
  actions: [
    ...[
      'appconfig:*',
      'cloudwatch:*',
      'ec2:*NetworkInterface*',
      'ec2:Describe*',
      'ecr:*',
      'ecs:*',
      'elasticloadbalancing:*',
    ],
    ...[
      'events:*',
      'kms:*',
      'lambda:InvokeFunction',
      'logs:*',
      'rds-db:connect',
      'rds:*',
      's3:*',
      'scheduler:*',
      'backup:*',
    ],
    ...[
      'secretsmanager:*',
      'sns:*',
      'sqs:*',
      'ssm:*',
      'ssmmessages:*',
      'states:*',
      'sts:AssumeRole',
      'xray:*',
      'iam:PassRole',
    ],
    ...['application-autoscaling:*', 'servicediscovery:*', 'cloudfront-keyvaluestore:*', 'iam:CreateServiceLinkedRole'],
  ],
  never: [
    ...['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant*Policy', 'rds:Delete*', 's3:DeleteBucket*'],
    ...['s3:PutBucketPolicy', 's3:PutBucketAcl', 'secretsmanager:DeleteSecret', 'secretsmanager:PutResourcePolicy'],
    ...['logs:DeleteLogGroup', 'backup:DeleteBackupVault*', 'backup:DeleteRecoveryPoint', 'ecr:DeleteRepository*'],
    ...['ecr:SetRepositoryPolicy', 'lambda:AddPermission', 'lambda:UpdateFunctionCode', 'elasticloadbalancing:Delete*'],
  ],
  named: [
    ...[
      'iam:PassRole',
      'sts:AssumeRole',
      's3:*Object*',
      'secretsmanager:Get*',
      'kms:Decrypt',
      'kms:Sign',
      'lambda:InvokeFunction',
    ],
    ...[
      'rds-db:connect',
      'ec2:*SecurityGroup*gress',
      'ecs:Update*',
      'ecs:Stop*',
      'ecs:RunTask',
      'ssm:PutParameter',
      'ssm:Get*',
    ],
  ],
  managedPolicies: [
    'arn:*:iam::aws:policy/service-role/*',
    'arn:*:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
    'arn:*:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy',
  ],
};
