import type { Broken } from './broken';

const POLICY = 'IAM::Policy';

function allow(action: string): Broken['change'] {
  return (p) => p.PolicyDocument.Statement.push({ Effect: 'Allow', Action: [action], Resource: '*' });
}

/** Who may do what, who hears what, who gets where. */
export const BROKEN_RIGHTS: readonly Broken[] = [
  {
    what: 'every action of a service',
    stack: 'gate',
    type: POLICY,
    change: allow('iam:*'),
    says: 'rights: every action: iam:*',
  },
  {
    what: 'a right on every bucket',
    stack: 'core',
    type: POLICY,
    change: allow('s3:GetObject'),
    says: 'rights: s3:GetObject on every resource',
  },
  {
    what: 'a role for the world',
    stack: 'gate',
    type: 'IAM::Role',
    change: (p) => (p.AssumeRolePolicyDocument.Statement[0].Principal = { AWS: '*' }),
    says: 'rights: a role that anybody may take',
  },
  {
    what: 'a password in the environment',
    stack: 'core',
    type: 'ECS::TaskDefinition',
    change: (p) => p.ContainerDefinitions[0].Environment.push({ Name: 'PGPASSWORD', Value: 'x' }),
    says: 'secrets: core is told PGPASSWORD in the clear',
  },
  {
    what: 'a secret that CloudFormation fills in',
    stack: 'core',
    type: 'ECS::TaskDefinition',
    change: (p) =>
      p.ContainerDefinitions[0].Environment.push({ Name: 'X', Value: '{{resolve:secretsmanager:coach/prod/ai-hmac}}' }),
    says: 'secrets: core is told X in the clear',
  },
  {
    what: 'a password in a URL',
    stack: 'edge',
    type: 'ECS::TaskDefinition',
    change: (p) => p.ContainerDefinitions[0].Environment.push({ Name: 'X', Value: 'rediss://app:hush@cache:6379' }),
    says: 'secrets: edge is told X in the clear',
  },
  {
    what: 'secrets that cannot be opened',
    stack: 'edge',
    type: POLICY,
    id: 'ExecutionRole',
    change: (p) => (p.PolicyDocument.Statement = p.PolicyDocument.Statement.filter(isNotOf('kms:Decrypt'))),
    says: 'secrets: secrets under a key that its agent may not use',
  },
  {
    what: 'a worker that may speak to Core',
    stack: 'network',
    type: 'EC2::SecurityGroupIngress',
    id: 'worker',
    change: (p) => Object.assign(p, { FromPort: 8443, ToPort: 8443 }),
    says: 'reach: worker to balancer:8443, which nobody asked for',
  },
  {
    what: 'every port of the database',
    stack: 'network',
    type: 'EC2::SecurityGroupIngress',
    id: 'Reachdb',
    change: (p) => Object.assign(p, { FromPort: 0, ToPort: 65535 }),
    says: 'reach: core to db:tcp 0-65535, which nobody asked for',
  },
  {
    what: 'a service that can speak to anybody by any port',
    stack: 'network',
    type: 'EC2::SecurityGroup',
    id: 'Reachcore',
    change: (p) => (p.SecurityGroupEgress = [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }]),
    says: 'reach: a way out of the VPC by another port than 443',
  },
  {
    what: 'tasks with public addresses',
    stack: 'edge',
    type: 'ECS::Service',
    change: (p) => (p.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp = 'ENABLED'),
    says: 'reach: tasks with public addresses',
  },
  {
    what: 'a gate that may never run',
    stack: 'gate',
    type: 'Lambda::Function',
    change: (p) => (p.ReservedConcurrentExecutions = 0),
    says: 'function: a function that may never run',
  },
  {
    what: 'a runtime of yesterday',
    stack: 'gate',
    type: 'Lambda::Function',
    change: (p) => (p.Runtime = 'nodejs20.x'),
    says: 'function: runtime nodejs20.x',
  },
  {
    what: 'a log without an end',
    stack: 'edge',
    type: 'Logs::LogGroup',
    change: (p) => delete p.RetentionInDays,
    says: 'log: a log that is kept for ever',
  },
  {
    what: 'an alarm that tells nobody',
    stack: 'observability',
    type: 'CloudWatch::Alarm',
    change: (p) => (p.AlarmActions = []),
    says: 'alarm: an alarm that tells nobody',
  },
  {
    what: 'a topic for the world',
    stack: 'gate',
    type: 'SNS::TopicPolicy',
    change: (p) => p.PolicyDocument.Statement.push({ Effect: 'Allow', Action: 'sns:Publish', Principal: '*' }),
    says: 'rights: a topic that anybody may write to',
  },
  {
    what: 'a private subnet that nothing leads out of',
    stack: 'network',
    type: 'EC2::Route',
    id: 'PrivateSubnet1',
    change: (p) => delete p.NatGatewayId,
    says: 'network: 0 ways to a NAT, expected one',
  },
  {
    what: 'a private subnet on the internet',
    stack: 'network',
    type: 'EC2::Route',
    id: 'PrivateSubnet1',
    change: (p) => (p.GatewayId = 'igw-1'),
    says: 'network: a private subnet with a route to the internet gateway',
  },
  {
    what: 'two subnets of the same addresses',
    stack: 'network',
    type: 'EC2::Subnet',
    id: 'PrivateSubnet1',
    change: (p) => (p.CidrBlock = '10.0.0.0/24'),
    says: 'network: 10.0.0.64/26 overlaps with another subnet',
  },
  {
    what: 'tasks beside the stores',
    stack: 'network',
    type: 'EC2::Subnet',
    id: 'PrivateSubnet1',
    change: (p) => (p.Tags.find(({ Key }: { Key: string }) => Key === 'aws-cdk:subnet-type').Value = 'Isolated'),
    says: 'network: in other subnets than private ones',
  },
];

function isNotOf(action: string): (statement: { readonly Action: unknown }) => boolean {
  return ({ Action }) => ![Action].flat().includes(action);
}
