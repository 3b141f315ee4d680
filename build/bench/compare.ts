import type { Sample, TorchMode } from './measure.ts';

/** PyTorch's samples by mode; without bf16 where the level has no instructions for it. */
export type TorchSamples = { readonly [M in Exclude<TorchMode, 'bf16-nhwc'>]: Sample } & {
  readonly 'bf16-nhwc': Sample | null;
};

/** One network: our median samples by precision, and PyTorch's by mode (none without it). */
export interface Comparison {
  readonly network: string;
  readonly batch: number;
  readonly ours: { readonly f32: Sample; readonly auto: Sample };
  readonly torch: TorchSamples | null;
  /** PyTorch's time / our time: its best f32 mode against f32, its fastest mode against auto; null without PyTorch. */
  readonly ratios: { readonly f32: number; readonly auto: number; readonly memory: number } | null;
}

/** The sample with the median time. */
export function medianSample(samples: readonly Sample[]): Sample {
  const sorted = [...samples].sort((a, b) => a.ms - b.ms);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('internal: no samples');
  return middle;
}

/** Ratios above 1 are in our favour; the memory ratio is PyTorch's fastest mode / ours in auto. */
export function ratiosOf(ours: Comparison['ours'], torch: TorchSamples): Comparison['ratios'] {
  const f32 = Math.min(torch.f32.ms, torch['f32-nhwc'].ms);
  const modes = [torch.f32, torch['f32-nhwc'], torch['bf16-nhwc']].filter((mode) => mode !== null);
  const fastest = modes.reduce((a, b) => (b.ms < a.ms ? b : a));
  return {
    f32: f32 / ours.f32.ms,
    auto: fastest.ms / ours.auto.ms,
    memory: fastest.peakRssMb / ours.auto.peakRssMb,
  };
}

/** The results as a Markdown table. */
export function tableOf(rows: readonly Comparison[]): string {
  const head = rows.some(({ torch }) => torch !== null)
    ? [
        'network',
        'batch',
        'f32',
        'auto',
        'torch f32',
        'torch bf16',
        'f32 ratio',
        'auto ratio',
        'efficiency',
        'MB',
        'torch MB',
      ]
    : ['network', 'batch', 'f32', 'auto', 'efficiency', 'MB'];
  const body = rows.map((row) => cells(row));
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

function cells({ network, batch, ours, torch, ratios }: Comparison): string[] {
  const efficiency = `${(ours.f32.efficiency ?? NaN).toFixed(2)} / ${(ours.auto.efficiency ?? NaN).toFixed(2)}`;
  const memory = `${ours.f32.peakRssMb.toFixed(0)} / ${ours.auto.peakRssMb.toFixed(0)}`;
  const own = [network, String(batch), time(ours.f32.ms), time(ours.auto.ms)];
  if (torch === null || ratios === null) return [...own, efficiency, memory];
  const best = torch.f32.ms < torch['f32-nhwc'].ms ? torch.f32 : torch['f32-nhwc'];
  const half = torch['bf16-nhwc'];
  return [
    ...own,
    time(best.ms),
    half === null ? '–' : time(half.ms),
    ratios.f32.toFixed(2),
    ratios.auto.toFixed(2),
    efficiency,
    memory,
    [best, half].map((mode) => mode?.peakRssMb.toFixed(0) ?? '–').join(' / '),
  ];
}

/** Milliseconds with three digits. */
function time(ms: number): string {
  return ms.toPrecision(3);
}
