import type { SourceText } from './importGate.ts';

/** The compiler's headers for x86: intrinsics and cpuid. */
export const X86_HEADER = /(?:^|\/)(?:\w*intrin|cpuid)\.h$/;
/** Macros that are set on x86 alone. */
const X86_ONLY = /\b(?:__x86_64__|__SSE4_1__|NORMLAB_LEVELS|NORMLAB_AMX)\b/;

/** Includes of headers of x86 that a build for another processor would reach. */
export function x86HeaderBreaches({ path, text }: SourceText): string[] {
  const breaches: string[] = [];
  const conditions: string[] = [];
  for (const [, directive = '', rest = ''] of text.matchAll(/^[ \t]*#[ \t]*(\w+)[ \t]*((?:\\\n|.)*)/gm)) {
    if (['elif', 'else', 'endif'].includes(directive)) conditions.pop();
    if (['if', 'ifdef', 'elif'].includes(directive)) conditions.push(rest);
    if (['ifndef', 'else'].includes(directive)) conditions.push('');
    const header = directive === 'include' ? (/^<([^>]+)>/.exec(rest)?.[1] ?? '') : '';
    if (X86_HEADER.test(header) && !conditions.some((condition) => X86_ONLY.test(condition)))
      breaches.push(`${path} includes <${header}> on every processor: put it under #if NORMLAB_LEVELS`);
  }
  return breaches;
}
