/**
 * What a release must show, and by when. Written to the ledger before the release starts; never changed.
 *
 * The version says how evidence is weighed, so an old ledger replays to the bit. New releases get version 2.
 * @see docs/adr/0006-innocence-is-judged-minute-by-minute.md
 */
export type Plan = PlanV1 | PlanV2;

/** Two tests of a release, each over all its minutes, both of which must speak against it. */
export interface PlanV1 extends PlanBase {
  readonly version: 1;
  readonly burst: Burst;
}

/** One test, in which both reasons of innocence must be refuted minute by minute; it goes on through the final bake. */
export interface PlanV2 extends PlanBase {
  readonly version: 2;
  readonly burst: Burst & {
    /** The first minutes burst, so that a gross fault meets many samples at once. */
    readonly openingMin: number;
    /** So do the last minutes of the bake: the fewer a leak has left, the harder it is looked for. */
    readonly closingMin: number;
  };
  /** No promotion while the last minutes of the tail by themselves are worth more than so much evidence against the objective. */
  readonly recent: { readonly minutes: number; readonly evidence: number };
  /** Minutes after promotion in which the release can still go back, and in which its evidence goes on. */
  readonly finalBakeMin: number;
  /** So many minutes must agree there: no stable is left to tell the release's faults from its environment's. */
  readonly finalBakeCorroboration: number;
}

/** When a probe's samples are multiplied by its `burst`. */
interface Burst {
  /** While a probe's evidence is above this. */
  readonly evidence: number;
  /** From this minute on while it is not certified. */
  readonly lateFromMin: number;
}

interface PlanBase {
  readonly release: string;
  readonly stable: string;
  /** Budget of false rollbacks for the whole release, over all probes and all looks. */
  readonly alpha: number;
  /** Budget of bad promotions. */
  readonly beta: number;
  /** No promotion before this minute. */
  readonly bakeMin: number;
  /** Last minute; a release without a verdict by then is rolled back (or paused). */
  readonly hardStopMin: number;
  /** First minutes, in which evidence counts with the stricter cap and the certificate not at all. */
  readonly burnInMin: number;
  /** Length of the window that must certify by itself, so that a healthy first half cannot hide a leak. */
  readonly tailMin: number;
  /** At least so many minutes must agree before the main lane can decide. */
  readonly corroboration: number;
  /** The same for minutes of the burn-in. */
  readonly burnInCorroboration: number;
  readonly outage: { readonly limit: number; readonly weight: number; readonly restart: number };
  readonly mute: { readonly minBreaches: number; readonly factor: number };
  /** Share of the scheduled samples that must have come back. */
  readonly coverage: number;
  /** A release sent into an incident: certified as not worse than the stable. Recorded with a reason. */
  readonly hotfix: boolean;
  readonly onHardStop: 'rollback' | 'pause';
  readonly probes: readonly ProbeSpec[];
}

export type ProbeSpec = RateProbe | ExactProbe;

/** Counts breaches against an objective. `p95 < 250 ms` is: at most 5 % of samples slower than 250 ms. */
export interface RateProbe {
  readonly kind: 'rate';
  readonly id: string;
  /** For people: `p95 < 250 ms`. */
  readonly bound: string;
  /** Objective: highest acceptable chance of a breach. */
  readonly p0: number;
  /** Certificate: "surely better than this"; p0 < pTol < 1. */
  readonly pTol: number;
  /** What a good release does. Version 1 judges without it; version 2 takes more on the stable for the environment's. */
  readonly typical: number;
  /** A release this bad must be found in time; at least pTol. */
  readonly mustCatch: number;
  /** Samples on each arm in a minute; 0 for a passive probe. */
  readonly perMinute: number;
  /** Factor of the rate while the gate is unsure; at least 1. */
  readonly burst: number;
  /** Share of the error budget; weights are divided by their sum. */
  readonly weight: number;
  /** Fed by real traffic: nothing is scheduled, so it cannot lack data. */
  readonly passive?: boolean;
  /** What a passive probe counts: requests that took longer. Without it, those that were answered with a 5xx. */
  readonly slowerThanMs?: number;
}

/** Counts answers of a deterministic fixture that differ from the release's expected one. */
export interface ExactProbe {
  readonly kind: 'exact';
  readonly id: string;
  readonly bound: string;
  readonly perMinute: number;
  readonly burst: number;
  /** Condemning minutes in a row that roll back. */
  readonly confirm: number;
}

/** Which release answered: the one on trial, or the one it would replace. Decided by the `x-release` that came back. */
export type ArmName = 'canary' | 'stable';

/** Integers; 0 ≤ breaches, hard ≤ n. */
export interface Arm {
  readonly n: number;
  readonly breaches: number;
  /** Failures that no environment excuses: a wrong hash, a duplicate. */
  readonly hard: number;
}

export interface ProbeMinute {
  readonly canary: Arm;
  readonly stable: Arm;
  /** Samples answered by neither known release. They count for no arm. */
  readonly misrouted: number;
}

/** One minute of a release. Minute 1 is the first full one in which the canary's share is above 0. */
export interface Minute {
  readonly minute: number;
  /** A probe that is absent counts as zeros. */
  readonly probes: Readonly<Record<string, ProbeMinute>>;
}

/** `promote` and `rollback` are final. `extend` waits for evidence; `hold` waits for a person or for samples to come back. */
export type VerdictName = 'promote' | 'rollback' | 'extend' | 'hold';

export type Because =
  | 'CERTIFIED'
  | 'EVIDENCE'
  | 'OUTAGE'
  | 'HARD'
  | 'BAKING'
  | 'UNCERTIFIED'
  | 'LEANING'
  | 'ENV_DEGRADED'
  | 'NO_DATA'
  | 'MISROUTED';

export interface Verdict {
  readonly verdict: VerdictName;
  readonly because: Because;
  /** The probe that decided, where one did. */
  readonly probe?: string;
  readonly minute: number;
  readonly evidence: Evidence;
}

/** What all probes have shown so far. Natural logs wherever a name starts with ln. */
export interface Evidence {
  readonly minute: number;
  /** Evidence against innocence; the release is rolled back at `threshold`. */
  readonly E: number;
  readonly lnE: number;
  /** 1 / alpha. */
  readonly threshold: number;
  readonly probes: Readonly<Record<string, RateEvidence | ExactEvidence>>;
}

export interface ArmTotals {
  readonly n: number;
  readonly breaches: number;
  /** Breaches per sample; 0 without samples. */
  readonly rate: number;
  /** Wilson 95 % interval, for reading only. */
  readonly interval: readonly [number, number];
}

export interface RateEvidence {
  readonly kind: 'rate';
  readonly E: number;
  readonly lnE: number;
  /** Share of the release's E: weight × E over the weighted sum. */
  readonly share: number;
  /** ln of each lane's two tests: M_abs, M_rel, F_abs, F_rel. Version 2 has one test a lane, which stands in both places. */
  readonly abs: number;
  readonly rel: number;
  readonly outageAbs: number;
  readonly outageRel: number;
  /** ln of the evidence of the last minutes alone, that must be low to promote; version 2 only. */
  readonly leaning?: number;
  /** ln of the certificate over the whole, and over the tail; certified at ln(1 / beta). */
  readonly certWhole: number;
  readonly certTail: number;
  readonly certified: boolean;
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
  /** Minutes in which the stable itself was sick, and what the canary did in the other judged ones. */
  readonly muted: readonly number[];
  readonly unmuted: ArmTotals;
  /** Both arms in the burn-in, which counts as evidence and not for the certificate. */
  readonly burnIn: Readonly<Record<ArmName, ArmTotals>>;
  readonly coverage: Coverage;
  /** Whether the stable is shown to break its objective in the tail. */
  readonly sick: boolean;
}

export interface ExactEvidence {
  readonly kind: 'exact';
  /** Minutes in which the canary was wrong while the stable was right. */
  readonly condemning: readonly number[];
  readonly certified: boolean;
  readonly coverage: Coverage;
}

/** Share of the scheduled samples that came back, the poorer arm's, 0 to 1. */
export interface Coverage {
  readonly whole: number;
  readonly tail: number;
  readonly enough: boolean;
}
