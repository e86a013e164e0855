import { type Conditions, Result, Rule } from 'aws-cdk-lib/aws-codepipeline';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { ReleaseWindow } from '../../model/delivery';
import { windowCron } from '../../model/pipelines';

/** What must hold before a stage is entered; where one does not, the stage fails and nothing in it has run. */
export function entry(...rules: readonly Rule[]): Conditions {
  return { conditions: [{ result: Result.FAIL, rules: [...rules] }] };
}

/** A run that somebody started by hand has no tag, and so goes no further. */
export function isTagged(pattern: string): Rule {
  return new Rule({
    ...{ name: 'Tagged', provider: 'VariableCheck', version: '1' },
    configuration: { Variable: '#{Source.TagName}', Value: pattern, Operator: 'MATCHES' },
  });
}

/** In whole hours. @see windowCron */
export function isOpen(window: ReleaseWindow): Rule {
  return new Rule({
    ...{ name: 'Window', provider: 'DeploymentWindow', version: '1' },
    configuration: { Cron: windowCron(window), TimeZone: window.timeZone },
  });
}

/** Minutes that an alarm may take to become quiet. */
const WAIT_MIN = '5';

/** ECS ignores an alarm that rings already when a deployment starts. */
export function isQuiet(alarmName: string, role: Role): Rule {
  return new Rule({
    ...{ name: 'Quiet', provider: 'CloudWatchAlarm', version: '1', role },
    configuration: { AlarmName: alarmName, AlarmStates: 'OK', WaitTime: WAIT_MIN },
  });
}

/** A glob of tags as the Java regular expression of a rule. */
export function tagPattern(globs: readonly string[]): string {
  const one = (glob: string) => glob.replaceAll('.', '[.]').replaceAll('+', '[+]').replaceAll('*', '[0-9A-Za-z.+-]*');
  return `^(${globs.map(one).join('|')})$`;
}
