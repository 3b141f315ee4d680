import type { z } from 'zod';
import { isMessage } from '../words/catalogues.ts';
import type { MessageKey } from '../words/english.ts';
import { asIs, message, type Message, type MessageValue } from '../words/message.ts';

type Issue = z.core.$ZodIssue;
type SizeIssue = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;

/** Key of the message of a custom check in the `params` of its issue. */
const SAID = 'said';

/** Returns the argument of `context.addIssue` and `refine` for a custom check: an issue with the message `said`. */
export function ownIssue(said: Message): {
  readonly code: 'custom';
  readonly params: Record<string, unknown>;
} {
  return { code: 'custom', params: { [SAID]: said } };
}

/** Describes what is wrong with a value, as a complete sentence. See `partOfIssue`. */
export function schemaIssue(issue: Issue): Message {
  const what = partOfIssue(issue);
  return SHORT_KEYS.has(what.key) ? message('schema.invalid', { what }) : what;
}

const SHORT_KEYS: ReadonlySet<string> = new Set<MessageKey>(['schema.type', 'schema.value']);

/**
 * Describes what is wrong with a value, as a part of a sentence, by the code of zod's issue. The type of the value is
 * reported too, so the issue must come from a parse with `reportInput`.
 */
export function partOfIssue(issue: Issue): Message {
  switch (issue.code) {
    case 'invalid_type':
      return message('schema.type', { expected: issue.expected, received: typeOf(issue.input) });
    case 'invalid_value':
      return valueIssue(issue.values);
    case 'too_big':
    case 'too_small':
      return sizeIssue(issue);
    case 'invalid_format':
      return formatIssue(issue);
    case 'not_multiple_of':
      return message('schema.multiple', { divisor: issue.divisor });
    case 'unrecognized_keys':
      return message('schema.unknownField');
    case 'invalid_key':
      return issue.issues[0] === undefined
        ? message('schema.key', { origin: issue.origin })
        : partOfIssue(issue.issues[0]);
    case 'invalid_element':
      return message('schema.element', { origin: issue.origin });
    case 'custom':
      return customIssue(issue);
    case 'invalid_union':
      return unionIssue(issue);
  }
}

function valueIssue(values: readonly z.core.util.Primitive[]): Message {
  const quoted = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  const [only] = quoted;
  return quoted.length === 1 && only !== undefined
    ? message('schema.value', { value: only })
    : message('schema.option', { values: quoted.join('|') });
}

const UNITS: Readonly<Record<string, Message>> = {
  string: message('schema.characters'),
  file: message('schema.bytes'),
  array: message('schema.items'),
  set: message('schema.items'),
  map: message('schema.entries'),
};

function sizeIssue(issue: SizeIssue): Message {
  const isBig = issue.code === 'too_big';
  const bound = isBig ? '<' : '>';
  const sign: MessageValue = issue.exact
    ? message('schema.exactly')
    : issue.inclusive === true
      ? `${bound}=`
      : bound;
  const values = { origin: issue.origin, sign, limit: String(isBig ? issue.maximum : issue.minimum) };
  const unit = UNITS[issue.origin];
  if (unit === undefined) return message(isBig ? 'schema.tooBig' : 'schema.tooSmall', values);
  return message(isBig ? 'schema.tooLong' : 'schema.tooShort', { ...values, unit });
}

function formatIssue({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): Message {
  return format === 'regex' && pattern !== undefined
    ? message('schema.pattern', { pattern })
    : message('schema.format', { format });
}

function customIssue(issue: z.core.$ZodIssueCustom): Message {
  const said: unknown = issue.params?.[SAID];
  return isMessage(said) ? said : asIs(issue.message);
}

function unionIssue(issue: z.core.$ZodIssueInvalidUnion): Message {
  const options =
    'options' in issue && Array.isArray(issue.options)
      ? issue.options.map((each) => `'${String(each)}'`)
      : [];
  return options.length > 0
    ? message('schema.variant', { values: options.join(' | ') })
    : message('schema.other');
}

/** Returns the name of a value's type, as zod names it. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value;
}
