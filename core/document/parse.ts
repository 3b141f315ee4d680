import type { z } from 'zod';
import type { AppErrorData } from '../diagnostics/appError.ts';
import type { ErrorCode } from '../diagnostics/codes.ts';
import { partOfIssue } from '../diagnostics/schemaIssue.ts';
import { brief, shorten } from './brief.ts';
import { scanJson } from './jsonScan.ts';
import { findExcess, PROJECT_LIMITS } from './limits.ts';
import { migrate, type RawProject } from './migrate.ts';
import { documentSchema, PROJECT_FORMAT, PROJECT_VERSION, type GraphDocument } from './schema.ts';
import { message, type Message, type Term } from '../words/message.ts';

export type ParseResult =
  | { readonly ok: true; readonly document: GraphDocument }
  | { readonly ok: false; readonly error: AppErrorData };

/**
 * Reads the text of a project file, of this version or an older one. Never throws: an error is returned as one
 * sentence. It does not check the graph; `checkGraph` does.
 */
export function parseDocument(text: string): ParseResult {
  if (text.length > PROJECT_LIMITS.textLength) return failure('project-invalid', tooLong(text.length));
  const json = parseJson(text.startsWith('\uFEFF') ? text.slice(1) : text);
  if (!json.ok) return json;
  const { value } = json;
  if (!isRecord(value) || value.format !== PROJECT_FORMAT) {
    return failure('project-not-a-project', notAProject(value));
  }
  const { version } = value;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return failure('project-invalid', message('project.noVersion', { found: brief(version) }), 'version');
  }
  if (version > PROJECT_VERSION) {
    return failure(
      'project-future-version',
      message('project.futureVersion', { version, known: PROJECT_VERSION }),
      'version',
    );
  }
  const migrated = migrate(value, version);
  const excess = findExcess(migrated);
  if (excess !== null) return failure('project-invalid', excess);
  const parsed = documentSchema.safeParse(migrated, { reportInput: true });
  return parsed.success ? { ok: true, document: parsed.data } : invalid(parsed.error.issues);
}

type JsonResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: AppErrorData };

function parseJson(text: string): JsonResult {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    const scan = scanJson(text);
    if (scan.kind === 'truncated') return failure('project-truncated', truncated(text));
    const said =
      scan.kind === 'wrong'
        ? message('project.notJsonAt', { place: lineAndColumn(text, scan.at) })
        : message('project.notJson');
    return failure('project-not-json', said);
  }
}

function tooLong(characters: number): Message {
  const millions = (count: number): number => Math.ceil(count / 1e6);
  const most = millions(PROJECT_LIMITS.textLength);
  return message('project.tooLong', { found: millions(characters), most });
}

function truncated(text: string): Message {
  if (text.trim() === '') return message('project.empty');
  const place = lineAndColumn(text, text.length);
  return message('project.truncated', { character: text.length, place });
}

function lineAndColumn(text: string, at: number): Message {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return message('project.lineAndColumn', { line, column: at - start + 1 });
}

function notAProject(value: unknown): Message {
  const format = PROJECT_FORMAT;
  return isRecord(value) && value.format !== undefined
    ? message('project.otherFormat', { found: brief(value.format), format })
    : message('project.noFormat', { format });
}

function invalid(issues: readonly z.core.$ZodIssue[]): ParseResult {
  const [issue] = issues;
  const where = issue ? pathOf(issue) : '';
  const values = {
    place: where || message('project.top'),
    problem: issue ? problemOf(issue) : message('project.notTheFormat'),
  };
  const more = issues.length - 1;
  const said =
    more > 0 ? message('project.invalidAndMore', { ...values, more }) : message('project.invalid', values);
  return failure('project-invalid', said, where);
}

/** Returns what is wrong. For an unknown field the path names the field already. */
function problemOf(issue: z.core.$ZodIssue): Message | Term {
  return issue.code === 'unrecognized_keys' ? message('project.unknownField') : partOfIssue(issue);
}

/** Longest key that a sentence quotes in full; block ids have up to 64 characters. */
const LONGEST_KEY = 80;

/** `graph.nodes.conv1.filters`; an unknown field is part of the path. */
function pathOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return [...path, ...unknown].map((key) => shorten(key, LONGEST_KEY)).join('.');
}

function failure(
  code: ErrorCode,
  said: Message,
  where?: string,
): { readonly ok: false; readonly error: AppErrorData } {
  return { ok: false, error: { code, message: said, ...(where ? { where } : {}) } };
}

function isRecord(value: unknown): value is RawProject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
