// biome-ignore lint/suspicious/noExplicitAny: properties of a template
export type Change = (properties: any, resource: any) => void;

/** A change after which CloudFormation would still take the template, and what must be said of it. */
export interface Broken {
  readonly what: string;
  /** Last part of the stack's name in prod. */
  readonly stack: string;
  readonly type: string;
  /** Of the first resource of the type in the stack. */
  readonly change: Change;
  readonly says: string;
}
