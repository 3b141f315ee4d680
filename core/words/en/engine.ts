/** What computes: the native backend and its stand-in. */
export const engine = {
  slowBackend: 'Training with the slow reference backend. {why}',
  mend: '{cause} Fix it with: {command}',
  notBuilt: 'The native engine is not built.',
  missingNeeds: 'The native engine is not built, because this is missing: {needs}.',
  buildFailed: "The native engine does not build; the end of the build's output is:\n{detail}\n",
  missingLibrary: 'The native engine does not load: the library {library} is missing.',
  loadFailed: 'The native engine does not load: {detail}.',
  cpuLevel: 'NORMLAB_CPU is {wanted}, but this processor has at most {machine} (levels: {levels}).',
  onednn: 'oneDNN (headers and library)',
  compiler: 'a C++ compiler and make',
  noBf16:
    'Precision bf16 is not available with {backend}: the CPU must have AVX512_BF16 or AMX. Use auto or f32.',
  noF64: 'The native backend computes in f32 or bf16, not in f64.',
  noNativeBf16: 'This CPU does not compute bf16 natively; use precision f32 or auto.',
  batchNotFinite: 'A batch gave BatchNorm statistics that are not finite; they were not stored.',
  cannotRun: 'The native backend cannot run this network: {reason}.',
  outOfMemory:
    'The native backend cannot run this network: out of memory: {mebibytes} MiB of working memory could not be allocated; use a smaller batch.',
} as const;
