import type { NodeId } from './ids.ts';
import type { DiagnosticCode } from './codes.ts';
import type { Message } from '../words/message.ts';

/** `error` forbids training; `warning` and `hint` are lints that a user may overrule. */
export type Severity = 'error' | 'warning' | 'hint';

/** A fix that one command can make; the editor shows it as a button beside the diagnostic. */
export interface QuickFix {
  readonly title: Message;
  readonly nodeId: NodeId;
  readonly param: string;
  readonly value: string | number | boolean;
}

/** One problem of a graph, at its block and parameter. All problems are collected, never only the first. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The block, or null when the whole graph is meant. */
  readonly nodeId: NodeId | null;
  /** Input port concerned, if one is. */
  readonly port?: string;
  /** Parameter concerned, if one is. */
  readonly param?: string;
  /** What is wrong, in one sentence that names the block. */
  readonly message: Message;
  /** What to do about it. */
  readonly hint: Message;
  readonly fix?: QuickFix;
}

/** True when nothing in the list forbids training. */
export function isTrainable(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
}
