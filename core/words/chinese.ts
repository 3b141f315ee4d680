import type { Translated } from './english.ts';
import { blocks } from './zh/blocks.ts';
import { edit } from './zh/edit.ts';
import { graph } from './zh/graph.ts';
import { plain } from './zh/plain.ts';
import { project } from './zh/project.ts';
import { summary } from './zh/summary.ts';
import { training } from './zh/training.ts';
import { work } from './zh/work.ts';

/** All texts in simplified Chinese. */
export const CHINESE: Translated = { blocks, edit, graph, plain, project, summary, training, work };
