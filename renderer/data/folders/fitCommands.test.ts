import { describe, expect, it } from 'vitest';
import { applyCommand } from '#core/edit/applyCommand.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { fitCommands } from './fitCommands.ts';

describe('fitCommands', () => {
  it('make a template fit other images, with one command a parameter', () => {
    let document = instantiateTemplate('vgg-bn');
    const commands = fitCommands(document, { inputShape: [1, 28, 28], classes: 7 });
    expect(commands.length).toBe(4);
    for (const command of commands) {
      const result = applyCommand(document, command);
      if (!result.ok) throw new Error(inEnglish(result.reason));
      ({ document } = result);
    }
    expect(checkGraph(document.graph).graph).toMatchObject({ inputShape: [1, 28, 28], classes: 7 });
  });

  it('are none where all fits', () => {
    const document = instantiateTemplate('vgg-bn');
    expect(fitCommands(document, { inputShape: [3, 32, 32], classes: 10 })).toEqual([]);
  });
});
