import { describe, expect, it } from 'vitest';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { networkSource, SOURCE_FORMATS } from '#core/export/networkSource.ts';
import { instantiateTemplate, TEMPLATES } from '#core/templates/templates.ts';
import { pythonTokens } from './pythonTokens.ts';

/** The tokens of a line that are not plain, as `kind:text`. */
function told(...lines: readonly string[]): string[] {
  return pythonTokens(lines).flatMap((tokens) =>
    tokens.filter(({ kind }) => kind !== 'plain').map(({ kind, text }) => `${kind}:${text}`),
  );
}

describe('the tokens of Python', () => {
  it('tell keywords, new names, calls, arguments, numbers and comments', () => {
    expect(told('class Network(nn.Module):')).toEqual(['keyword:class', 'name:Network']);
    expect(told('self.bn1 = nn.BatchNorm2d(64, eps=1e-3, momentum=0.05)  # it’s "so"')).toEqual([
      'call:BatchNorm2d',
      'number:64',
      'argument:eps',
      'number:1e-3',
      'argument:momentum',
      'number:0.05',
      'comment:# it’s "so"',
    ]);
    expect(told('return x if a == b else None')).toEqual([
      'keyword:return',
      'keyword:if',
      'keyword:else',
      'keyword:None',
    ]);
    expect(told('conv_1d2 = x2')).toEqual([]);
  });

  it('end a string where Python ends it', () => {
    expect(told('PROJECT = "a \\"b\\" # c" # d')).toEqual(['text:"a \\"b\\" # c"', 'comment:# d']);
    expect(told('x = ""', "y = 'a\"b'")).toEqual(['text:""', "text:'a\"b'"]);
    expect(told('"""One line."""', 'import torch')).toEqual(['text:"""One line."""', 'keyword:import']);
    expect(told('    """Begins.', '  in def 3', '    ends.""" if', 'in')).toEqual([
      'text:"""Begins.',
      'text:  in def 3',
      'text:    ends."""',
      'keyword:if',
      'keyword:in',
    ]);
  });

  it('join to the lines again, for every template', () => {
    for (const { name } of TEMPLATES)
      for (const format of SOURCE_FORMATS) {
        const document = instantiateTemplate(name, {});
        const { graph } = checkGraph(document.graph);
        const lines = graph === null ? [] : networkSource('名 "x"', graph, format).lines;
        const texts = lines.map(({ text }) => text);
        expect(texts.length).toBeGreaterThan(10);
        const tokens = pythonTokens(texts);
        expect(tokens.map((line) => line.map(({ text }) => text).join(''))).toEqual(texts);
        expect(tokens.at(-1)?.every(({ kind, text }) => kind !== 'text' || text.endsWith('"'))).toBe(true);
      }
  });
});
