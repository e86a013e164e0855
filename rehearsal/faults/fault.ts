import type { FastifyInstance } from 'fastify';
import type { MigrationFile } from '../../delivery/migrations/lint';
import type { GatePorts } from '../../lambda/gate/ports';
import type { AiParts } from '../../reference/ai/ai';
import type { CoreParts } from '../../reference/core/core';
import type { WorkerParts } from '../../reference/worker/worker';
import type { Environment } from '../environment';

export type ServiceName = 'edge' | 'core' | 'ai' | 'worker';

/** What a fault may have to know of the rehearsal it is part of. */
export interface FaultContext {
  /** Length of one minute. */
  readonly minuteMs: number;
  /** Bound of a probe in the time of its minute. */
  boundMs(probe: string): number;
  /** In [0, 1). */
  random(): number;
  /** Minutes since the process started. */
  age(): number;
}

/** Parts of the canary release that are not those of the stable one. */
export interface CanaryChanges {
  edge?(app: FastifyInstance, context: FaultContext): void;
  core?(app: FastifyInstance, context: FaultContext): void;
  coreParts?(parts: CoreParts, context: FaultContext): CoreParts;
  aiParts?(parts: AiParts, context: FaultContext): AiParts;
  workerParts?(parts: WorkerParts, context: FaultContext): WorkerParts;
  /** The service that ends as soon as it is started. */
  readonly dies?: ServiceName;
}

/** Something that is broken on purpose while a release is rehearsed, as data. */
export interface Fault {
  /** What it is called on the command line. */
  readonly name: string;
  /** One sentence for people. */
  readonly sentence: string;
  readonly expected: Expectation;
  readonly canary?: CanaryChanges;
  /** Put in place of the gate's own ports. */
  gatePorts?(ports: GatePorts): GatePorts;
  /** Migrations it ships besides those there were. */
  readonly migrations?: readonly MigrationFile[];
  /** Whether somebody has frozen the system. */
  readonly frozen?: boolean;
  /** Whether whoever carries out its order is killed after each of the order's stages, and starts again. */
  readonly killsOrder?: boolean;
  /** What happens around the release, from the minute in which its canary takes traffic. */
  environment?(environment: Environment): void;
}

export interface Expectation {
  readonly outcome: 'promoted' | 'rolled back' | 'refused';
  /** What the reason must say. */
  readonly because: RegExp;
}
