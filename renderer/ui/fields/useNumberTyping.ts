import { shallowRef, watch, type ShallowRef } from 'vue';
import {
  parseNumber,
  printNumber,
  type NumberLimits,
  type NumberRefusal,
  type ParsedNumber,
} from '../../text/parseNumber.ts';

/**
 * A text that is not a valid number for this field. `kept`: the field was left with it, and now shows the value from
 * before.
 */
export interface Refused {
  readonly text: string;
  readonly reason: NumberRefusal;
  readonly kept?: true;
}

/** Receives the typed value. */
interface NumberTyping {
  /** The present value; null where there are several ("mixed"). */
  value(): number | null;
  limits(): NumberLimits;
  /** Receives each valid value during typing. */
  report(value: number): void;
  /** Restores what was there before the typing, where that was several values. */
  cancel(): void;
}

/**
 * The typing of one number: its text, why it is refused, and the value from before. A refused text restores that value,
 * since the `1` of `1,5` was emitted while typing.
 */
export function useNumberTyping(field: NumberTyping): {
  readonly text: ShallowRef<string>;
  readonly refused: ShallowRef<Refused | null>;
  isRefused(): boolean;
  begin(): void;
  type(text: string): void;
  /** One up or down, for integers. */
  step(by: number): void;
  /** Escape: restores the previous value. */
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
      // An emptied field shows its value again, which needs no message.
      if (left.reason !== 'empty') refused.value = { ...left, kept: true };
    },
  };
}

function textOf(value: number | null): string {
  return value === null ? '' : printNumber(value);
}

/** Null for a valid number, and for an empty field with several values. */
function refusalOf(text: string, parsed: ParsedNumber, value: number | null): Refused | null {
  if (parsed.ok || (parsed.reason === 'empty' && value === null)) return null;
  return { text, reason: parsed.reason };
}
