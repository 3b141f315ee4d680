import { cannot, type LayerContext } from '../layerContext.ts';
import type { Settings } from '../settings.ts';

/** `[height, width]`. */
export type Pair = readonly [number, number];

/**
 * A setting for both axes: `stride` once or twice, or `stride_h` and `stride_w`. Throws a fault for more axes than
 * images have.
 */
export function pairOf(
  context: LayerContext,
  settings: Settings,
  name: 'kernel_size' | 'stride' | 'pad' | 'dilation',
  otherwise: number,
): Pair {
  const short = name === 'kernel_size' ? 'kernel' : name;
  const [y, x] = [`${short}_h`, `${short}_w`];
  if (settings.has(y) || settings.has(x)) return [settings.whole(y, otherwise), settings.whole(x, otherwise)];
  const listed = settings.wholes(name);
  if (listed.length > 2) throw cannot(context, `${listed.length} × ${name}`);
  const [first = otherwise, second = first] = listed;
  return [first, second];
}

/** A setting that blocks have once for both axes. */
export function equalPair(
  context: LayerContext,
  settings: Settings,
  name: 'stride' | 'dilation',
  otherwise: number,
): number {
  const [y, x] = pairOf(context, settings, name, otherwise);
  if (y !== x) throw cannot(context, `${name} ${y} × ${x}`);
  return y;
}
