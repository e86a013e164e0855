/** One CloudWatch alarm as a deployment sees it. */
export interface Alarm {
  readonly name: string;
  /** Whether it is in ALARM now. */
  inAlarm(): boolean;
}

/** The deployment alarms of one deployment. */
export class AlarmWatch {
  private readonly watched: readonly Alarm[];

  /** An alarm that is in ALARM when the deployment starts is ignored for the whole of it, as ECS does. */
  constructor(alarms: readonly Alarm[]) {
    this.watched = alarms.filter((alarm) => !alarm.inAlarm());
    this.someIgnored = this.watched.length < alarms.length;
  }

  readonly someIgnored: boolean;

  firing(): string | undefined {
    return this.watched.find((alarm) => alarm.inAlarm())?.name;
  }
}
