import type { z } from 'zod';
import { dataSettingsSchema } from '../document/dataSettings.ts';
import type { GraphDocument } from '../document/schema.ts';
import { trainingSettingsSchema } from '../document/trainingSettings.ts';
import type { CommandOf } from './command.ts';
import { changed, refused, type Outcome } from './outcome.ts';
import { refusedValue } from './refusedValue.ts';
import { message, type Message } from '../words/message.ts';

export function setTraining(document: GraphDocument, { values }: CommandOf<'setTraining'>): Outcome {
  const parsed = trainingSettingsSchema.safeParse({ ...document.training, ...values }, { reportInput: true });
  return parsed.success ? changed({ ...document, training: parsed.data }) : refused(firstIssue(parsed.error));
}

export function setData(document: GraphDocument, { values }: CommandOf<'setData'>): Outcome {
  const parsed = dataSettingsSchema.safeParse({ ...document.data, ...values }, { reportInput: true });
  return parsed.success ? changed({ ...document, data: parsed.data }) : refused(firstIssue(parsed.error));
}

export function setStart(document: GraphDocument, { start }: CommandOf<'setStart'>): Outcome {
  const { start: former, ...rest } = document;
  if (start === null) return changed(former === undefined ? document : rest);
  return changed({ ...document, start });
}

export function rename(document: GraphDocument, command: CommandOf<'rename'>): Outcome {
  const name = command.name.trim();
  if (name === '') return refused(message('edit.projectName'));
  return changed(name === document.name ? document : { ...document, name });
}

function firstIssue(error: z.ZodError): Message {
  const [issue] = error.issues;
  return message('edit.setting', {
    place: issue?.path.join('.') || message('edit.settings'),
    problem: refusedValue(issue),
  });
}
