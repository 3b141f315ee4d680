import { FAMILIES, type Family, type NodeDefinition } from '#core/nodes/definition.ts';
import { NODE_DEFINITIONS } from '#core/nodes/registry.ts';
import { matchText, rankByText } from '../../text/matchText.ts';
import { nodeTexts } from '../../messages/nodeTexts.ts';

interface PaletteGroup {
  readonly family: Family;
  readonly blocks: readonly NodeDefinition[];
}

/** Texts that the search matches: the block's title here and in English, its kind, its family. */
function searchTexts(definition: NodeDefinition): readonly string[] {
  return [
    nodeTexts.title(definition),
    definition.title,
    definition.kind,
    nodeTexts.family(definition.family),
    definition.family,
  ];
}

/** Blocks that match `query`, best first. */
export function searchBlocks(
  query: string,
  blocks: readonly NodeDefinition[] = NODE_DEFINITIONS,
): readonly NodeDefinition[] {
  return rankByText(blocks, query, searchTexts);
}

/** Blocks that match `query`, by family in palette order; families without a match are left out. */
export function paletteGroups(query: string): readonly PaletteGroup[] {
  const fits = (definition: NodeDefinition): boolean =>
    searchTexts(definition).some((text) => matchText(query, text) !== null);
  return FAMILIES.map((family) => ({
    family,
    blocks: NODE_DEFINITIONS.filter((definition) => definition.family === family && fits(definition)),
  })).filter((group) => group.blocks.length > 0);
}
