import { type Definition, RETRY } from './order-machine';

/** Seconds. A pipeline's own patience with a state machine ends after a week. */
const MINUTES = 60;
const LOOK_EVERY_SECONDS = 20;

/** Input of every machine: `{ release, execution }`, and what its own says. */
const NOTE = (order: string, stage: string, because: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {
    FunctionName: order,
    Payload: { release: '{% $states.context.Execution.Input.release %}', done: { stage, because } },
  },
  Retry: RETRY,
  End: true,
});

/**
 * Have the function carry out stages that are checks or records; what it refuses fails the execution, with its reason.
 *
 * @param order ARN of the function
 */
export function stagesDefinition(order: string): Definition {
  return {
    ...{ Comment: 'Stages of the order of a release', QueryLanguage: 'JSONata', TimeoutSeconds: 60 * MINUTES },
    StartAt: 'CarryOut',
    States: {
      CarryOut: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: order, Payload: '{% $states.input %}' },
        // a Refusal stands; anything else is a fault of the moment, after which the order is resumed
        Retry: [
          { ErrorEquals: ['Refusal'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 15, BackoffRate: 2, MaxAttempts: 3 },
        ],
        Output: '{% $states.result.Payload %}',
        End: true,
      },
    },
  };
}

/**
 * Have the function take back what a release had reached when a stage of its pipeline failed, as often as it takes; where that fails
 * for good, a person has to, and is told.
 *
 * @param topic ARN of the topic on which people are told
 */
export function takeBackDefinition(order: string, topic: string): Definition {
  return {
    ...{ Comment: 'The way back', QueryLanguage: 'JSONata', TimeoutSeconds: 180 * MINUTES },
    StartAt: 'TakeBack',
    States: {
      TakeBack: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: order, Payload: '{% $states.input %}' },
        // each try goes on where the last one was cut short
        Retry: [
          { ErrorEquals: ['Refusal'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 15, BackoffRate: 2, MaxAttempts: 8 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { why: '{% $states.errorOutput.Cause %}' }, Next: 'Tell' }],
        Output: '{% $states.result.Payload %}',
        End: true,
      },
      Tell: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Arguments: { TopicArn: topic, Subject: 'A release could not be taken back', Message: BY_HAND },
        Retry: RETRY,
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'TakeBack', Cause: '{% $why %}' },
    },
  };
}

const BY_HAND =
  "{% $states.context.Execution.Input.detail.pipeline & ': stage ' & $states.context.Execution.Input.detail.stage & ' failed, and what the " +
  "release had reached could not be taken back: ' & $why & '. Do it by hand: npm run release -- break-glass --env <environment> " +
  "--to <the release before> --reason <why>' %}";

/**
 * Make a snapshot of a database, wait until it can be restored from, and write that down.
 *
 * @param instance identifier of the database's instance
 * @param prefix of the snapshot's identifier; the release's id follows
 */
export function backupDefinition(order: string, instance: string, prefix: string): Definition {
  return {
    ...{ Comment: 'Point of recovery of a release', QueryLanguage: 'JSONata', TimeoutSeconds: 90 * MINUTES },
    StartAt: 'Name',
    States: {
      Name: {
        Type: 'Pass',
        // identifiers hold letters, digits and hyphens
        Assign: { snapshot: `{% '${prefix}-' & $replace($states.input.release, /[^0-9A-Za-z]+/, '-') %}` },
        Next: 'Snapshot',
      },
      Snapshot: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:rds:createDBSnapshot',
        Arguments: { DbInstanceIdentifier: instance, DbSnapshotIdentifier: '{% $snapshot %}' },
        Retry: [
          { ErrorEquals: ['Rds.DbSnapshotAlreadyExistsException'], MaxAttempts: 0 },
          { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 30, BackoffRate: 2, MaxAttempts: 4 },
        ],
        Catch: [{ ErrorEquals: ['Rds.DbSnapshotAlreadyExistsException'], Next: 'Look' }],
        Next: 'Look',
      },
      Look: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:rds:describeDBSnapshots',
        Arguments: { DbSnapshotIdentifier: '{% $snapshot %}' },
        Retry: RETRY,
        Output: '{% $states.result.DbSnapshots[0].Status %}',
        Next: 'Ready?',
      },
      'Ready?': {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input = 'available' %}", Next: 'Note' },
          { Condition: "{% $states.input = 'creating' %}", Next: 'Wait' },
        ],
        Default: 'Failed',
      },
      Wait: { Type: 'Wait', Seconds: LOOK_EVERY_SECONDS, Next: 'Look' },
      Failed: { Type: 'Fail', Error: 'Backup', Cause: "{% $snapshot & ' is ' & $string($states.input) %}" },
      Note: NOTE(order, 'backup', "{% 'to be restored from ' & $snapshot %}"),
    },
  };
}

export interface TaskPlace {
  readonly cluster: string;
  readonly subnets: readonly string[];
  readonly group: string;
}

/** One container, run to its end. It fails where the container does. */
export function runTask(family: string, { cluster, subnets, group }: TaskPlace, overrides?: object) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::ecs:runTask.sync',
    TimeoutSeconds: 30 * MINUTES,
    Arguments: {
      ...{ Cluster: cluster, TaskDefinition: family, LaunchType: 'FARGATE', PropagateTags: 'TASK_DEFINITION' },
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: subnets, SecurityGroups: [group], AssignPublicIp: 'DISABLED' },
      },
      ...(overrides && { Overrides: overrides }),
    },
    // no second try: whether the first got anywhere is for a person to see
  };
}

/** Run the release's migration, with its own image, and write that down. */
export function migrateDefinition(order: string, family: string, place: TaskPlace): Definition {
  return {
    ...{ Comment: 'Migrations of a release', QueryLanguage: 'JSONata', TimeoutSeconds: 45 * MINUTES },
    StartAt: 'Migrate',
    States: {
      Migrate: { ...runTask(family, place), Next: 'Note' },
      Note: NOTE(order, 'migrate', 'its migrations are applied'),
    },
  };
}

/** Families of one-off tasks, in their order, each with what its containers are told besides. */
export interface Reseeding {
  readonly family: string;
  readonly container: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Make a database anew: run each task after the one before it has succeeded. */
export function reseedDefinition(tasks: readonly Reseeding[], place: TaskPlace): Definition {
  const name = (i: number) => `${i + 1}-${tasks[i]!.container}`;
  const states = tasks.map(({ family, container, environment }, i) => {
    const told = Object.entries(environment).map(([Name, Value]) => ({ Name, Value }));
    const overrides = told.length > 0 ? { ContainerOverrides: [{ Name: container, Environment: told }] } : undefined;
    const next = i + 1 < tasks.length ? { Next: name(i + 1) } : { End: true };
    return [name(i), { ...runTask(family, place, overrides), ...next }] as const;
  });
  return {
    ...{ Comment: 'A database made anew', QueryLanguage: 'JSONata', TimeoutSeconds: 60 * MINUTES },
    StartAt: name(0),
    States: Object.fromEntries(states),
  };
}
