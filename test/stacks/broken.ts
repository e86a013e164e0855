// biome-ignore lint/suspicious/noExplicitAny: properties of a template
export type Change = (properties: any, resource: any) => void;

/** A change after which CloudFormation would still take the template, and what must be said of it. */
export interface Broken {
  readonly what: string;
  /** Last part of the stack's name in prod. */
  readonly stack: string;
  readonly type: string;
  /** Part of the logical id. @default - any */
  readonly id?: string;
  /** Of the first such resource in the stack. */
  readonly change: Change;
  readonly says: string;
}
