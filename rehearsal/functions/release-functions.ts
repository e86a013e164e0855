import { GATE_VARIABLES, PROBER_VARIABLES } from '../../lib/model/gate-config';
import { type ClusterPlan, proberConfig } from '../cluster-plan';
import { PLACES_VARIABLE, type Places } from '../places';
import { Child } from '../processes/child';
import type { RunFolder } from '../processes/run-folder';
import { SERVICE_VARIABLES } from '../services/fault-context';
import { FunctionDoor } from './function-door';
import { FunctionHost } from './function-host';
import { logged } from './sandbox-log';

export interface FunctionsPlace {
  readonly folder: RunFolder;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
  readonly plan: ClusterPlan;
  readonly account: { readonly user: string; readonly password: string };
  /** Where the other parts are. Asked when a process is started. */
  places(): Places;
}

const GATE_TIMEOUT_MS = 5_000;

/** A minute's samples, the wait for the last of their answers, and the gate's word on them. */
function proberTimeoutMs({ minuteMs, closeAfterMin }: ClusterPlan['gate']): number {
  return (2 + closeAfterMin) * minuteMs + 2 * GATE_TIMEOUT_MS;
}

/** The gate and the prober, each in a process of its own. */
export class ReleaseFunctions {
  readonly gate = new FunctionHost(
    () => this.start('gate', { [GATE_VARIABLES.config]: JSON.stringify(this.place.plan.gate) }),
    GATE_TIMEOUT_MS,
  );
  readonly prober: FunctionHost;
  /** What last kept the gate from answering; undefined if nothing did. */
  complaint: string | undefined;
  private readonly door = new FunctionDoor(this.gate);
  private proberIsDead = false;
  private fault: string | undefined;

  constructor(private readonly place: FunctionsPlace) {
    this.prober = new FunctionHost(() => this.startProber(), proberTimeoutMs(place.plan.gate));
  }

  /** @returns the URL at which the prober invokes the gate */
  open(): Promise<string> {
    return this.door.listen();
  }

  /**
   * New processes for a new release.
   *
   * @param fault name of what is wrong with it, if something is
   */
  async renew(fault: string | undefined): Promise<void> {
    this.fault = fault;
    this.proberIsDead = false;
    this.complaint = undefined;
    await Promise.all([this.gate.renew(), this.prober.renew()]);
    await Promise.all([this.gate.warm(), this.prober.warm()]);
  }

  /** kill -9 the prober, now and whenever it is started again. */
  async killProber(): Promise<void> {
    this.proberIsDead = true;
    process.kill(await this.prober.pid(), 'SIGKILL');
  }

  /** kill -9 the gate; the next invocation gets a new one. */
  async killGate(): Promise<void> {
    process.kill(await this.gate.pid(), 'SIGKILL');
  }

  async close(): Promise<void> {
    this.door.close();
    await Promise.all([this.prober.stop(), this.gate.stop()]);
  }

  private async startProber(): Promise<Child> {
    const { plan, account, places } = this.place;
    const { productionUrl, testUrls } = places();
    const { [plan.model.front]: testUrl = '', ...innerUrls } = testUrls;
    const child = await this.start('prober', {
      [PROBER_VARIABLES.config]: JSON.stringify(proberConfig(plan, { productionUrl, testUrl, innerUrls })),
      [PROBER_VARIABLES.account]: JSON.stringify(account),
    });
    if (this.proberIsDead) child.kill();
    return child;
  }

  private start(name: 'gate' | 'prober', settings: NodeJS.ProcessEnv): Promise<Child> {
    const { folder, program, places } = this.place;
    return Child.start(folder, {
      name,
      command: process.execPath,
      args: [program(name)],
      env: {
        PATH: process.env.PATH,
        [PLACES_VARIABLE]: JSON.stringify(places()),
        [SERVICE_VARIABLES.fault]: this.fault,
        ...settings,
      },
      onLine: (line) => this.hear(line),
    });
  }

  private hear(line: string): void {
    const { message, error } = logged(line);
    if (message === 'could not answer') this.complaint = error;
  }
}
