import type { z } from 'zod';
import type { AppErrorData } from '../diagnostics/appError.ts';
import type { ErrorCode } from '../diagnostics/codes.ts';
import { brief, shorten } from './brief.ts';
import { scanJson } from './jsonScan.ts';
import { findExcess, PROJECT_LIMITS } from './limits.ts';
import { migrate, type RawProject } from './migrate.ts';
import { documentSchema, PROJECT_FORMAT, PROJECT_VERSION, type GraphDocument } from './schema.ts';
import { asIs } from '../words/message.ts';

export type ParseResult =
  | { readonly ok: true; readonly document: GraphDocument }
  | { readonly ok: false; readonly error: AppErrorData };

/**
 * Reads the text of a project file, of this version or an older one. Never throws: whatever is wrong comes back as one sentence.
 * Whether the graph makes sense is for `checkGraph` to say.
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
    return failure(
      'project-invalid',
      `The project does not say its version: version must be a whole number from 1, not ${brief(version)}.`,
      'version',
    );
  }
  if (version > PROJECT_VERSION) {
    return failure(
      'project-future-version',
      `The project is of version ${version}, but this NormLab reads up to version ${PROJECT_VERSION}: open it in a newer NormLab.`,
      'version',
    );
  }
  const migrated = migrate(value, version);
  const excess = findExcess(migrated);
  if (excess !== null) return failure('project-invalid', excess);
  const parsed = documentSchema.safeParse(migrated);
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
    const place = scan.kind === 'wrong' ? ` at ${lineAndColumn(text, scan.at)}` : '';
    return failure(
      'project-not-json',
      `The file is not a project: its text is not JSON${place}; choose a file that NormLab saved.`,
    );
  }
}

function tooLong(characters: number): string {
  const millions = (count: number): string => `${Math.ceil(count / 1e6)} million`;
  return `The file has ${millions(characters)} characters, but a project has at most ${millions(PROJECT_LIMITS.textLength)}: choose another file.`;
}

function truncated(text: string): string {
  if (text.trim() === '') return 'The project file is empty; a recovery copy of it may exist.';
  return `The project file ends in the middle, at character ${text.length} (${lineAndColumn(text, text.length)}); the rest is lost, but a recovery copy may exist.`;
}

function lineAndColumn(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return `line ${line}, column ${at - start + 1}`;
}

function notAProject(value: unknown): string {
  const found =
    isRecord(value) && value.format !== undefined
      ? `its format is ${brief(value.format)}`
      : 'it has no format';
  return `The file is JSON but not a NormLab project: ${found} where "${PROJECT_FORMAT}" is needed.`;
}

function invalid(issues: readonly z.core.$ZodIssue[]): ParseResult {
  const [issue] = issues;
  const where = issue ? pathOf(issue) : '';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const what = issue ? describe(issue) : 'it does not follow the format';
  return failure(
    'project-invalid',
    `The project is not valid at ${where || 'its top'}: ${what}${more}.`,
    where,
  );
}

/** A key that a sentence names in full: block ids have up to 64 characters. */
const LONGEST_KEY = 80;

/** `graph.nodes.conv1.filters`; an unknown field belongs to its path. */
function pathOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return [...path, ...unknown].map((key) => shorten(key, LONGEST_KEY)).join('.');
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'this field is unknown';
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message.replace(/^Invalid input: /, '');
}

function failure(
  code: ErrorCode,
  message: string,
  where?: string,
): { readonly ok: false; readonly error: AppErrorData } {
  return { ok: false, error: { code, message: asIs(message), ...(where ? { where } : {}) } };
}

function isRecord(value: unknown): value is RawProject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
