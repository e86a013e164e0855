import type { Node } from 'libpg-query';
import type { KnownSchema } from '../known-schema';
import type { Objection } from '../objection';

export interface RuleContext {
  readonly schema: KnownSchema;
  /** Whether the statement is the only one in its file. */
  readonly alone: boolean;
}

/** What speaks against a statement of one kind; nothing if it may stand in an expand migration. */
export type Rule<T> = (body: T, context: RuleContext) => readonly Objection[];

export type Rules = { readonly [Kind in KeysOf<Node>]?: Rule<Extract<Node, Record<Kind, unknown>>[Kind]> };

type KeysOf<T> = T extends unknown ? keyof T & string : never;

export const NONE: readonly Objection[] = [];
