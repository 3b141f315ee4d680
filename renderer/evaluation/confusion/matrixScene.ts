import { must } from '#core/diagnostics/invariantError.ts';
import type { ChartTheme } from '../../charts/chartTheme.ts';
import { COLOR_STEPS, colorScale, stepOf, type CellColor } from './cellColors.ts';
import { largestValues, valueOf, type CellValue, type ConfusionMatrix } from './confusionMatrix.ts';
import type { MatrixFrame, MatrixPlace, MatrixView } from './matrixView.ts';

/** A matrix with its values, in an order of its classes, and the color step of each cell. */
export interface ArrangedMatrix {
  readonly matrix: ConfusionMatrix;
  readonly kind: CellValue;
  /** Class at each place, and place of each class. */
  readonly order: Uint32Array;
  readonly places: Uint32Array;
  /** Indices of `matrix.cells`, the palest first: where several share a pixel, the strongest is seen. */
  readonly drawing: Uint32Array;
  readonly steps: Uint8Array;
}

export function arrangeMatrix(matrix: ConfusionMatrix, kind: CellValue, order: Uint32Array): ArrangedMatrix {
  const places = new Uint32Array(order.length);
  order.forEach((k, place) => (places[k] = place));
  const largest = largestValues(matrix, kind);
  const steps = Uint8Array.from(matrix.cells, ([truth, decided]) =>
    stepOf(valueOf(matrix, kind, truth, decided) ?? 0, truth === decided ? largest.right : largest.wrong),
  );
  const drawing = Uint32Array.from(steps.keys()).sort((a, b) => (steps[a] ?? 0) - (steps[b] ?? 0));
  return { matrix, kind, order, places, drawing, steps };
}

/** The colours of a theme in which a matrix is drawn. */
export interface MatrixColors {
  readonly right: readonly CellColor[];
  readonly wrong: readonly CellColor[];
  readonly theme: ChartTheme;
}

export function matrixColors(theme: ChartTheme): MatrixColors {
  const scaleOf = (token: string): readonly CellColor[] =>
    colorScale(theme.color('--panel'), theme.color(token));
  return { right: scaleOf('--accent'), wrong: scaleOf('--warn'), theme };
}

export function colorOf({ right, wrong }: MatrixColors, isRight: boolean, step: number): CellColor {
  return must((isRight ? right : wrong)[Math.min(COLOR_STEPS - 1, step)], 'color of a cell');
}

/** Everything that a drawing of the matrix shows. */
export interface MatrixScene {
  readonly arranged: ArrangedMatrix;
  readonly colors: MatrixColors;
  readonly frame: MatrixFrame;
  readonly view: MatrixView;
  /** The place under the pointer or the keyboard's cursor. */
  readonly place: MatrixPlace | null;
  readonly isCursor: boolean;
  /** A class whose row and column are emphasized. */
  readonly emphasized: number | null;
}
