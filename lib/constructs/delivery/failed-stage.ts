import type { EventPattern } from 'aws-cdk-lib/aws-events';

/** @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html */
export function failedStage(pipeline: string): EventPattern {
  return {
    source: ['aws.codepipeline'],
    detailType: ['CodePipeline Stage Execution State Change'],
    detail: { pipeline: [pipeline], state: ['FAILED'] },
  };
}
