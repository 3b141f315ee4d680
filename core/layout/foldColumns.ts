import { must } from '../diagnostics/invariantError.ts';

/** A placed card: `layer` counts along the flow from 0; `along` and `across` are the corner's coordinates in pixels. */
export interface PlacedCard {
  readonly id: string;
  readonly layer: number;
  readonly along: number;
  readonly across: number;
}

/** Graphs with fewer layers are not folded. */
const LEAST_LAYERS = 8;
/** Folds a chain of cards to about 1.6 times as wide as high. */
const ASPECT = 1.4;

/**
 * Folds a long layout into columns side by side, `gap` pixels apart; `cardSize` is the size of a card in the across
 * direction. It is cut only where a single block feeds everything after the cut, so no branch is split. `links` are
 * `[from, to]` ids.
 */
export function foldColumns(
  cards: readonly PlacedCard[],
  links: readonly (readonly [string, string])[],
  { gap, cardSize }: { readonly gap: number; readonly cardSize: number },
): readonly PlacedCard[] {
  const columns = columnsOf(cards, links);
  let offset = 0;
  return columns.flatMap((column) => {
    const left = column.reduce((low, card) => Math.min(low, card.across), Infinity);
    const right = column.reduce((high, card) => Math.max(high, card.across), -Infinity) + cardSize;
    const top = column.reduce((low, card) => Math.min(low, card.along), Infinity);
    const start = offset;
    offset += right - left + gap;
    return column.map((card) => ({
      ...card,
      across: card.across - left + start,
      along: card.along - top,
    }));
  });
}

function columnsOf(
  cards: readonly PlacedCard[],
  links: readonly (readonly [string, string])[],
): readonly (readonly PlacedCard[])[] {
  const layers = 1 + cards.reduce((high, card) => Math.max(high, card.layer), -1);
  const most = Math.max(LEAST_LAYERS, Math.ceil(Math.sqrt(layers * ASPECT)));
  const mayCut = cuttableLayers(cards, links, layers);
  const columnOfLayer: number[] = [];
  let column = 0;
  let start = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    if (layer - start >= most && mayCut[layer] === true) {
      column += 1;
      start = layer;
    }
    columnOfLayer.push(column);
  }
  const columns: PlacedCard[][] = Array.from({ length: layers > 0 ? column + 1 : 0 }, () => []);
  for (const card of cards) columns[must(columnOfLayer[card.layer], `layer ${card.layer}`)]?.push(card);
  return columns;
}

/** For each layer, whether all wires into or past it come from one block. */
function cuttableLayers(
  cards: readonly PlacedCard[],
  links: readonly (readonly [string, string])[],
  layers: number,
): readonly boolean[] {
  const layerOf = new Map(cards.map((card) => [card.id, card.layer]));
  const crossing = Array.from({ length: layers }, () => new Set<string>());
  for (const [from, to] of links) {
    const first = (layerOf.get(from) ?? 0) + 1;
    const last = layerOf.get(to) ?? -1;
    for (let layer = first; layer <= last; layer += 1) crossing[layer]?.add(from);
  }
  return crossing.map((sources) => sources.size <= 1);
}
