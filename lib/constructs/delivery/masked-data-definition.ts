import { runTask, type TaskPlace } from './order-definitions';
import { type Definition, RETRY } from './order-machine';

export interface ArrivalPlace {
  /** ARNs of the function that takes rows in, and of the topic on which people are told. */
  readonly taking: string;
  readonly topic: string;
  /** Family of the task that makes the accounts which the probes and tests use, and where it runs. @default - there is none */
  readonly seed?: { readonly family: string; readonly place: TaskPlace };
}

const TAKING_SECONDS = 900;

/** Put masked rows that arrived in the place of those that are here, in one transaction; then the accounts made for tests, which the rows know nothing of. */
export function maskedDataDefinition({ taking, topic, seed }: ArrivalPlace): Definition {
  const after = seed ? { Next: 'Seed' } : { End: true };
  return {
    ...{ Comment: 'Masked data of another environment', QueryLanguage: 'JSONata', TimeoutSeconds: 3_600 },
    StartAt: 'Take',
    States: {
      Take: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: taking, Payload: { key: '{% $states.input.detail.object.key %}' } },
        TimeoutSeconds: TAKING_SECONDS,
        Retry: RETRY_OF_LAMBDA,
        Assign: { taken: '{% $states.result.Payload %}' },
        Output: '{% $states.result.Payload %}',
        ...{ Catch: THEN_TELL, ...after },
      },
      ...(seed && {
        Seed: { ...runTask(seed.family, seed.place), Output: '{% $taken %}', Catch: THEN_TELL, End: true },
      }),
      Tell: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Arguments: {
          TopicArn: topic,
          Subject: 'Masked data were not taken',
          Message: "{% 'The data stay as they were: ' & $why %}",
        },
        Retry: RETRY,
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'MaskedData', Cause: '{% $why %}' },
    },
  };
}

/** The call itself was lost; what the function refuses stays refused. */
const RETRY_OF_LAMBDA = [
  {
    ErrorEquals: ['Lambda.ServiceException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
    ...{ IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 },
  },
];
const THEN_TELL = [
  { ErrorEquals: ['States.ALL'], Assign: { why: '{% $string($states.errorOutput) %}' }, Next: 'Tell' },
];
