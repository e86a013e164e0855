import { type Definition, RETRY } from './order-machine';

/** Seconds. */
const LOOK_EVERY_SECONDS = 20;
/** Looks at a database that is being made or taken away: two hours. */
const MOST_LOOKS = 360;
const MASKING_SECONDS = 900;

export interface CopyPlace {
  /** Identifiers of the instance whose snapshots are taken, and of the copy. */
  readonly instance: string;
  readonly copy: string;
  /** With the `db.` prefix. */
  readonly instanceClass: string;
  readonly port: number;
  readonly subnetGroup: string;
  /** Id of the security group in which nobody but the function that masks may reach the copy. */
  readonly group: string;
  /** ARNs of that function, and of the topic on which people are told. */
  readonly masking: string;
  readonly topic: string;
}

/**
 * Restore the newest snapshot in isolation, have it masked and its rows handed over, and destroy the copy, whatever became of it.
 *
 * Every state from the restore on that fails leads to the end of the copy, and every wait ends by itself.
 */
export function maskedCopyDefinition(place: CopyPlace): Definition {
  return {
    ...{ Comment: 'Data of production, masked', QueryLanguage: 'JSONata', TimeoutSeconds: 8 * 3_600 },
    StartAt: 'Newest',
    States: { ...restoring(place), ...masking(place), ...destroying(place), ...ending(place) },
  };
}

/** Whatever goes wrong, the copy goes. */
const THEN_DESTROY = [
  { ErrorEquals: ['States.ALL'], Assign: { failed: '{% $string($states.errorOutput) %}' }, Next: 'Destroy' },
];

function restoring({ instance, copy, instanceClass, port, subnetGroup, group }: CopyPlace) {
  return {
    Newest: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:rds:describeDBSnapshots',
      Arguments: { DbInstanceIdentifier: instance, SnapshotType: 'automated' },
      Retry: RETRY,
      Assign: {
        ...{ failed: "{% '' %}", looks: 0, handed: {} },
        snapshot:
          "{% $states.result.DbSnapshots[Status = 'available']^(>SnapshotCreateTime)[0].DbSnapshotIdentifier %}",
      },
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: { failed: "{% 'no snapshot was found to restore: ' & $string($states.errorOutput) %}" },
          Next: 'Tell',
        },
      ],
      Next: 'Restore',
    },
    Restore: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:rds:restoreDBInstanceFromDBSnapshot',
      Arguments: {
        ...{ DbInstanceIdentifier: copy, DbSnapshotIdentifier: '{% $snapshot %}', DbInstanceClass: instanceClass },
        ...{ DbSubnetGroupName: subnetGroup, VpcSecurityGroupIds: [group], Port: port },
        ...{ PubliclyAccessible: false, MultiAZ: false, DeletionProtection: false, CopyTagsToSnapshot: false },
        ...{ EnableIAMDatabaseAuthentication: true, AutoMinorVersionUpgrade: false },
      },
      // one that is there already was left behind by a run that somebody stopped; it goes too, and the next run finds room
      Catch: THEN_DESTROY,
      Next: 'Look',
    },
    Look: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:rds:describeDBInstances',
      Arguments: { DbInstanceIdentifier: copy },
      Retry: RETRY,
      Assign: {
        looks: '{% $looks + 1 %}',
        host: "{% $exists($states.result.DbInstances[0].Endpoint) ? $states.result.DbInstances[0].Endpoint.Address : '' %}",
      },
      Output: '{% $states.result.DbInstances[0].DbInstanceStatus %}',
      Catch: THEN_DESTROY,
      Next: 'Restored?',
    },
    'Restored?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input = 'available' %}", Next: 'Mask' },
        { Condition: `{% $looks < ${MOST_LOOKS} %}`, Next: 'Wait' },
      ],
      Default: 'Stuck',
    },
    Wait: { Type: 'Wait', Seconds: LOOK_EVERY_SECONDS, Next: 'Look' },
    Stuck: { Type: 'Pass', Assign: { failed: "{% 'the copy is still ' & $string($states.input) %}" }, Next: 'Destroy' },
  };
}

function masking({ masking }: CopyPlace) {
  return {
    Mask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: {
        FunctionName: masking,
        Payload: { host: '{% $host %}', copy: '{% $states.context.Execution.Name %}' },
      },
      TimeoutSeconds: MASKING_SECONDS,
      // no second try: what the first one left is for nobody to see
      Assign: { handed: '{% $states.result.Payload %}' },
      Catch: THEN_DESTROY,
      Next: 'Destroy',
    },
  };
}

function destroying({ copy }: CopyPlace) {
  const gone = { ErrorEquals: ['Rds.DbInstanceNotFoundException'], Next: 'Masked?' };
  const left = {
    ErrorEquals: ['States.ALL'],
    Assign: {
      failed: `{% 'the copy ${copy} could not be destroyed and holds personal data: ' & $string($states.errorOutput) & '. Do it by hand: aws rds delete-db-instance --skip-final-snapshot --db-instance-identifier ${copy}' %}`,
    },
    Next: 'Tell',
  };
  return {
    Destroy: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:rds:deleteDBInstance',
      Arguments: { DbInstanceIdentifier: copy, SkipFinalSnapshot: true, DeleteAutomatedBackups: true },
      Assign: { looks: 0 },
      // one that is still being made takes no other order
      Retry: [
        { ErrorEquals: ['Rds.DbInstanceNotFoundException'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, BackoffRate: 1.5, MaxDelaySeconds: 300, MaxAttempts: 20 },
      ],
      Catch: [gone, left],
      Next: 'Gone?',
    },
    'Gone?': {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:rds:describeDBInstances',
      Arguments: { DbInstanceIdentifier: copy },
      Retry: [{ ErrorEquals: ['Rds.DbInstanceNotFoundException'], MaxAttempts: 0 }, ...RETRY],
      Assign: { looks: '{% $looks + 1 %}' },
      Catch: [gone, left],
      Next: 'Going',
    },
    Going: {
      Type: 'Choice',
      Choices: [{ Condition: `{% $looks < ${MOST_LOOKS} %}`, Next: 'Wait for its end' }],
      Default: 'Remains',
    },
    'Wait for its end': { Type: 'Wait', Seconds: LOOK_EVERY_SECONDS, Next: 'Gone?' },
    Remains: {
      Type: 'Pass',
      Assign: { failed: `the copy ${copy} is still being destroyed; see that it goes` },
      Next: 'Tell',
    },
  };
}

function ending({ topic }: CopyPlace) {
  return {
    'Masked?': { Type: 'Choice', Choices: [{ Condition: "{% $failed = '' %}", Next: 'Done' }], Default: 'Tell' },
    Tell: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Arguments: {
        ...{ TopicArn: topic, Subject: 'No masked data this time' },
        Message: "{% 'The data of production were not handed over: ' & $failed %}",
      },
      Retry: RETRY,
      Next: 'Failed',
    },
    Failed: { Type: 'Fail', Error: 'MaskedCopy', Cause: '{% $failed %}' },
    Done: { Type: 'Succeed', Output: '{% $handed %}' },
  };
}
