import { blocks } from './en/blocks.ts';
import { edit } from './en/edit.ts';
import { graph } from './en/graph.ts';
import { plain } from './en/plain.ts';
import { project } from './en/project.ts';
import { summary } from './en/summary.ts';
import { training } from './en/training.ts';
import { work } from './en/work.ts';

/** All English texts by subject and name: `message('plain.asIs', …)` stands in `en/plain.ts` as `asIs`. */
export const ENGLISH = { blocks, edit, graph, plain, project, summary, training, work };

type English = typeof ENGLISH;

/** `subject.name` of a text. */
export type MessageKey = {
  [Subject in keyof English]: `${Subject}.${keyof English[Subject] & string}`;
}[keyof English];

/** The English text under a key, as a type. */
export type EnglishText<Key extends MessageKey> =
  Key extends `${infer Subject extends keyof English}.${infer Name}`
    ? Name extends keyof English[Subject]
      ? English[Subject][Name]
      : never
    : never;

/** The texts of one subject in another language: the same names, texts of its own. */
export type Translation<Texts> = Readonly<Record<keyof Texts, string>>;

/** All texts in another language. */
export type Translated = { readonly [Subject in keyof English]: Translation<English[Subject]> };
