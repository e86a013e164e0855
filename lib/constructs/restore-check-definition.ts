import { RESTORE_METRICS } from '../model/restore-config';
import { type Definition, RETRY } from './delivery/order-machine';

export interface RestoreCheckPlace {
  /** ARN of the function that looks at a restored database. */
  readonly look: string;
  readonly namespace: string;
}

/** AWS Backup takes so many characters as the reason of a result. */
const MOST_MESSAGE = 1_000;

/**
 * Look at a database that a restore test made, say how long it took and what is wrong with it, and give AWS Backup the result.
 *
 * Its input is the event of a restore job that ended well. What cannot be looked at has failed, too.
 */
export function restoreCheckDefinition({ look, namespace }: RestoreCheckPlace): Definition {
  return {
    ...{ Comment: 'Is what was restored whole?', QueryLanguage: 'JSONata', TimeoutSeconds: 1_800 },
    StartAt: 'Find',
    States: {
      Find: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:rds:describeDBInstances',
        Arguments: { DbInstanceIdentifier: "{% $split($states.input.detail.createdResourceArn, ':db:')[1] %}" },
        Retry: RETRY,
        Assign: {
          job: '{% $states.input.detail.restoreJobId %}',
          minutes: '{% ($toMillis($states.input.time) - $toMillis($states.input.detail.creationDate)) / 60000 %}',
        },
        Output: '{% $states.result.DbInstances[0].Endpoint %}',
        Catch: [
          { ...UNSEEN, Assign: { ...UNSEEN.Assign, job: '{% $states.input.detail.restoreJobId %}', minutes: 0 } },
        ],
        Next: 'Look',
      },
      Look: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: {
          FunctionName: look,
          Payload: { host: '{% $states.input.Address %}', port: '{% $states.input.Port %}' },
        },
        Retry: RETRY,
        Assign: { problems: '{% [$states.result.Payload.problems] %}' },
        ...{ Catch: [UNSEEN], Next: 'Measure' },
      },
      Measure: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:cloudwatch:putMetricData',
        Arguments: {
          Namespace: namespace,
          MetricData: [
            { MetricName: RESTORE_METRICS.minutes, Value: '{% $minutes %}' },
            { MetricName: RESTORE_METRICS.problems, Value: '{% $count($problems) %}' },
          ],
        },
        ...{ Retry: RETRY, Next: 'Answer' },
      },
      Answer: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:backup:putRestoreValidationResult',
        Arguments: {
          RestoreJobId: '{% $job %}',
          ValidationStatus: "{% $count($problems) = 0 ? 'SUCCESSFUL' : 'FAILED' %}",
          ValidationStatusMessage: `{% $count($problems) = 0 ? 'every claim holds' : $substring($join($problems, '; '), 0, ${MOST_MESSAGE}) %}`,
        },
        ...{ Retry: RETRY, End: true },
      },
    },
  };
}

/** Who could not look has seen nothing good. */
const UNSEEN = {
  ErrorEquals: ['States.ALL'],
  Assign: { problems: ["{% 'it could not be looked at: ' & $string($states.errorOutput) %}"] },
  Next: 'Measure',
};
