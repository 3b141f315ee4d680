import type { LabParams } from '#core/contract/labApi.ts';
import type { Lab } from '../../client/useLab.ts';
import { fromBase64 } from './fromBase64.ts';
import type { Samples } from './variants.ts';

/** Number of plain images kept, so that moving back and forth requests none twice. */
const KEPT = 64;

type SampleRequest = Omit<LabParams<'data.samples'>, 'which'>;

/** Training samples of one request, fetched from the lab on demand. */
export class FetchedSamples {
  private readonly lab: Pick<Lab, 'call'>;
  readonly request: SampleRequest;
  private known: Omit<Samples, 'plain'> | null = null;
  private readonly plain = new Map<number, Uint8Array>();
  private readonly files = new Map<number, string>();

  constructor(lab: Pick<Lab, 'call'>, request: SampleRequest) {
    this.lab = lab;
    this.request = request;
  }

  get isFull(): boolean {
    return this.plain.size > KEPT;
  }

  /** The samples, including those with these numbers (modulo their count). Rejects as the lab does. */
  async fetch(numbers: readonly number[]): Promise<Samples> {
    const missing = numbers.filter((number) => !this.plain.has(number));
    if (this.known !== null && missing.length === 0) return { ...this.known, plain: this.plain };
    const { height, width, channels } = this.request;
    const which = { by: 'sample' as const, numbers: missing };
    const { pictures, ...found } = await this.lab.call('data.samples', { ...this.request, which });
    this.known = { ...found, height, width, channels };
    for (const { number, file, pixels } of pictures) {
      this.plain.set(number, fromBase64(pixels));
      this.files.set(number, file);
    }
    return { ...this.known, plain: this.plain };
  }

  fileOf(sample: number): string {
    return this.files.get(sample) ?? '';
  }
}
