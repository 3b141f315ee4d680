import { shallowRef, watch, type ShallowRef } from 'vue';
import {
  parseNumber,
  printNumber,
  type NumberLimits,
  type NumberRefusal,
  type ParsedNumber,
} from '../../text/parseNumber.ts';

/**
 * A text that is no number for this field. `kept`: the field was left with it, and what it shows now is the value from
 * before.
 */
export interface Refused {
  readonly text: string;
  readonly reason: NumberRefusal;
  readonly kept?: true;
}

/** Where the typed value goes. */
interface NumberTyping {
  /** The value in force; null where several are ("mixed"). */
  value(): number | null;
  limits(): NumberLimits;
  /** Takes a valid value while it is typed. */
  report(value: number): void;
  /** Puts back what was there before the typing, where that was several values. */
  cancel(): void;
}

/**
 * The typing of one number: its text, why it is refused, and the value from before it, which a refused text never
 * changes: of `1,5` the `1` was reported on the way.
 */
export function useNumberTyping(field: NumberTyping): {
  readonly text: ShallowRef<string>;
  readonly refused: ShallowRef<Refused | null>;
  isRefused(): boolean;
  begin(): void;
  type(text: string): void;
  /** One up or down, of a whole number. */
  step(by: number): void;
  /** Escape: what was there before. */
  restore(): void;
  leave(): void;
} {
  const shown = (): string => textOf(field.value());
  const text = shallowRef(shown());
  const refused = shallowRef<Refused | null>(null);
  let before = field.value();

  function type(next: string): void {
    text.value = next;
    const parsed = next === shown() ? null : parseNumber(next, field.limits());
    refused.value = parsed === null ? null : refusalOf(next, parsed, field.value());
    if (parsed?.ok && parsed.value !== field.value()) field.report(parsed.value);
  }

  function restore(): void {
    if (field.value() !== before) {
      if (before === null) field.cancel();
      else field.report(before);
    }
    text.value = textOf(before);
    refused.value = null;
  }

  watch(field.value, (value) => {
    const parsed = parseNumber(text.value, field.limits());
    if (!parsed.ok && refused.value !== null && refused.value.kept === undefined) return;
    if (!parsed.ok || parsed.value !== value) text.value = shown();
  });

  return {
    text,
    refused,
    isRefused: () => refused.value !== null && refused.value.kept === undefined,
    begin: () => {
      before = field.value();
      refused.value = null;
    },
    type,
    step: (by) => {
      const { integer, min = -Infinity, max = Infinity } = field.limits();
      const value = field.value();
      if (integer && value !== null) type(printNumber(Math.min(max, Math.max(min, value + by))));
    },
    restore,
    leave: () => {
      const left = refused.value;
      if (left === null) {
        text.value = shown();
        return;
      }
      restore();
      // An emptied field says enough by showing its value again.
      if (left.reason !== 'empty') refused.value = { ...left, kept: true };
    },
  };
}

function textOf(value: number | null): string {
  return value === null ? '' : printNumber(value);
}

/** Null for a number, and for an empty field that shows several values. */
function refusalOf(text: string, parsed: ParsedNumber, value: number | null): Refused | null {
  if (parsed.ok || (parsed.reason === 'empty' && value === null)) return null;
  return { text, reason: parsed.reason };
}
