import { watch, type ShallowRef } from 'vue';
import { readChartTheme } from '../../charts/chartTheme.ts';
import { visibleName } from '../../text/visibleName.ts';
import { oncePerFrame } from '../../ui/oncePerFrame.ts';
import { nameFont } from './drawMargins.ts';
import { drawMatrix, drawOverMatrix } from './drawMatrix.ts';
import { matrixColors, type MatrixScene } from './matrixScene.ts';

/** What is drawn, without the colours of the theme. */
type Scene = Omit<MatrixScene, 'colors'>;

/**
 * Draws the matrix on two canvases, once per frame at most: `cells`, and above it `over`, with what the pointer
 * changes. `draw` draws both, after a change of the size or the theme.
 */
export function useMatrixPaint(options: {
  readonly scene: () => Scene;
  /** Set to the width of the longest name, in pixels. */
  readonly longestName: ShallowRef<number>;
  readonly box: { readonly width: number; readonly height: number };
  readonly cells: () => HTMLCanvasElement | null;
  readonly over: () => HTMLCanvasElement | null;
}) {
  const { box } = options;
  let measured: { readonly names: readonly string[]; readonly width: number } | null = null;

  function longest(context: CanvasRenderingContext2D, names: readonly string[]): number {
    if (measured?.names !== names) {
      const widths = names.map((name) => context.measureText(visibleName(name)).width);
      measured = { names, width: widths.reduce((most, width) => Math.max(most, width), 0) };
    }
    return measured.width;
  }

  function paint(by: typeof drawMatrix, canvas: HTMLCanvasElement | null): void {
    const context = canvas?.getContext('2d') ?? null;
    if (canvas === null || context === null || box.width === 0) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const theme = readChartTheme(canvas);
    context.font = nameFont(theme.font);
    options.longestName.value = longest(context, options.scene().arranged.matrix.names);
    by(context, { ...options.scene(), colors: matrixColors(theme) }, box);
  }

  const drawOver = oncePerFrame(() => paint(drawOverMatrix, options.over()));
  const drawCells = oncePerFrame(() => paint(drawMatrix, options.cells()));
  function draw(): void {
    drawCells();
    drawOver();
  }
  const { scene } = options;
  watch([() => scene().arranged, () => scene().frame, () => scene().view], draw);
  watch([() => scene().place, () => scene().isCursor, () => scene().emphasized], drawOver);
  return { draw };
}
