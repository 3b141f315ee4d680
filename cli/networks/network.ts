import { Argument, Option, type Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { instantiateTemplate, TEMPLATES } from '#core/templates/templates.ts';
import { withInputAndClasses } from '#core/rewrites/resizeInput.ts';
import { message } from '#core/words/message.ts';
import { readProjectFile } from '#workers/host/storage/projectFile.ts';

/** `[C, H, W]`. */
export type InputShape = readonly [number, number, number];

export interface NetworkChoice {
  readonly project: string | undefined;
  readonly template: string | undefined;
  /** A network that the command has read already, in place of both. */
  readonly document?: GraphDocument | undefined;
}

/** Adds `[project]` and `--template`; a command takes exactly one of them. */
export function withNetworkOptions(command: Command): Command {
  const names = TEMPLATES.map((template) => template.name);
  return command
    .addArgument(new Argument('[project]', 'a project file (.normlab.json)'))
    .addOption(new Option('--template <name>', 'a built-in network instead of a project').choices(names));
}

/**
 * The network of a command: a project file unchanged, or a template made for `inputShape` and `classes`. A project's
 * own size and class count are changed only where the caller passes others. Throws `arguments` unless exactly one
 * source is named.
 */
export async function loadNetwork(
  choice: NetworkChoice,
  fit: { inputShape?: InputShape; classes?: number },
): Promise<GraphDocument> {
  if (choice.document !== undefined) return withInputAndClasses(choice.document, fit);
  if ((choice.project === undefined) === (choice.template === undefined)) {
    throw new AppError('arguments', message('options.oneNetwork'));
  }
  if (choice.template !== undefined) return instantiateTemplate(choice.template, fit);
  const { document } = await readProjectFile(choice.project ?? '');
  return withInputAndClasses(document, fit);
}
