import { describe, expect, it } from 'vitest';
import { createDocument } from '#core/document/create.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { GraphDocument, Position } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import { CARD } from '#core/layout/card.ts';
import { crossesBox, piecesOf } from '#core/layout/routeGeometry.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { routesOf } from '#core/layout/wireRoutes.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { freePlace, freePlaceOffWires } from './freePlace.ts';

function withCard(document: GraphDocument, position: Position): GraphDocument {
  const result = applyCommand(document, { type: 'addNode', kind: 'relu', position });
  if (!result.ok) throw new Error(inEnglish(result.reason));
  return result.document;
}

function overlaps({ layout: { positions } }: GraphDocument): boolean {
  const places = Object.values(positions);
  return places.some((a, index) =>
    places
      .slice(index + 1)
      .some((b) => Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height),
  );
}

const resnet = instantiateTemplate('resnet20');
const view = { x: -100, y: 0, width: 1200, height: 700 };

describe('freePlace', () => {
  it('is where it is wanted, unless a card lies there; then near it, however many there are', () => {
    let document = createDocument('x');
    for (let count = 0; count < 12; count += 1)
      document = withCard(document, freePlace(document, { x: 30, y: 40 }));
    expect(document.layout.positions[toNodeId('relu1')]).toEqual({ x: 30, y: 40 });
    expect(overlaps(document)).toBe(false);
    const far = Object.values(document.layout.positions).map(({ x, y }) => Math.hypot(x - 30, y - 40));
    expect(Math.max(...far)).toBeLessThan(700);
  });

  it('is within what is seen and not under the map', () => {
    const map = { x: 900, y: 500, width: 200, height: 200 };
    let document = createDocument('x');
    for (let count = 0; count < 8; count += 1) {
      const place = freePlace(document, { x: 950, y: 560 }, { view, covered: [map] });
      expect(crossesBox({ isUpright: true, at: place.x + 92, low: place.y, high: place.y + 72 }, map)).toBe(
        false,
      );
      expect(place.x + CARD.width).toBeLessThanOrEqual(1100);
      document = withCard(document, place);
    }
    expect(overlaps(document)).toBe(false);
  });

  it('is outside what is seen where that is full', () => {
    const small = { x: 0, y: 0, width: 200, height: 80 };
    const document = withCard(createDocument('x'), { x: 0, y: 0 });
    const place = freePlace(document, { x: 0, y: 0 }, { view: small, covered: [] });
    expect(overlaps(withCard(document, place))).toBe(false);
  });
});

describe('freePlaceOffWires', () => {
  it('lies on no card and no wire, wherever it is wanted', () => {
    const wires = [...routesOf(resnet.graph, resnet.layout.positions).values()].flatMap(piecesOf);
    for (const wanted of [
      { x: 0, y: 0 },
      { x: 92, y: 500 },
      { x: 600, y: 340 },
    ]) {
      const place = freePlaceOffWires(resnet, wanted, { view, covered: [] });
      expect(overlaps(withCard(resnet, place))).toBe(false);
      expect(wires.some((wire) => crossesBox(wire, { ...place, ...CARD }))).toBe(false);
    }
  });
});
