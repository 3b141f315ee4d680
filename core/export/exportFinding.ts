import type { NodeId } from '../diagnostics/ids.ts';
import { message, type Message } from '../words/message.ts';

/** `error`: the export is refused. `warning`: the exported network may not compute what is expected. */
export const FINDING_SEVERITIES = ['error', 'warning', 'info'] as const;

export const FINDING_CODES = [
  'not-finite',
  'no-batches',
  'negative-variance',
  'never-updated',
  'initial-statistics',
  'small-variance',
  'constant-block',
  'small-gamma',
] as const;

/** Something in the weights of a network that its export should not pass over in silence. */
export interface ExportFinding {
  readonly code: (typeof FINDING_CODES)[number];
  readonly severity: (typeof FINDING_SEVERITIES)[number];
  /** The block. */
  readonly node: NodeId;
  /** The tensor, by its name in the run; null where the finding is about the whole block. */
  readonly tensor: string | null;
  /** The first channels concerned, or the first values of a tensor of weights; at most `MOST_LISTED`. */
  readonly channels: readonly number[];
  /** Number of channels or values concerned, and of all. */
  readonly count: number;
  readonly of: number;
  /** What was found, where, and why it matters. */
  readonly message: Message;
  /** What to do about it; null where the message says it. */
  readonly hint: Message | null;
}

/** Channels that a finding lists. */
const MOST_LISTED = 5;

/** The channels concerned, as fields of a finding. */
export type Concerned = Pick<ExportFinding, 'channels' | 'count' | 'of'>;

/** The channels for which `test` holds. */
export function concerned(
  values: Float32Array | Float64Array,
  test: (value: number, at: number) => boolean,
): Concerned {
  const channels: number[] = [];
  let count = 0;
  values.forEach((value, at) => {
    if (!test(value, at)) return;
    count += 1;
    if (channels.length < MOST_LISTED) channels.push(at);
  });
  return { channels, count, of: values.length };
}

/** The channels in words: all of them, or the first few and how many. */
export function channelsInWords({ channels, count, of }: Concerned): Message {
  if (count === of) return message('exportLint.allChannels', { of });
  if (count <= channels.length) return message('exportLint.channels', { channels, count, of });
  return message('exportLint.channelsAndMore', { channels, count, of });
}
