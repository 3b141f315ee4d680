import eslint from '@eslint/js';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

const SIZE_LIMITS = {
  'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
};

const DOUBLE_CAST = {
  selector: 'TSAsExpression > TSAsExpression.expression',
  message: 'A double cast claims what nobody has checked: use a type guard, a parser or a better type.',
};
/** Branded types and where a cast may make them; the others are made by their type guards. */
const BRANDS = '/^(ProjectId|NodeId|Endpoint|TensorId|ValidPart|ValidGraph|ShapedGraph)$/';
const BRAND_MAKERS = ['core/document/endpoint.ts', 'core/graph/validate.ts', 'core/graph/inferShapes.ts'];
const BRAND_CASTS = [
  'TSAsExpression > TSTypeReference.typeAnnotation',
  'TSAsExpression > .typeAnnotation TSTypeReference',
].map((selector) => ({
  selector: `${selector}[typeName.name=${BRANDS}]`,
  message:
    'Only its maker brands a value: call it, or ask its type guard (keysOf and entriesOf keep the brand of keys).',
}));

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'release/',
      'test-results/',
      'playwright-report/',
      'workers/native/build/',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', '*.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      ...SIZE_LIMITS,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      // Our objects are closures and plain records: their methods do not read `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/require-default-prop': 'off',
      'vue/attributes-order': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'no-undef': 'off',
    },
  },
  {
    // What is claimed of a value is established by the function that gives it, and by no cast.
    files: ['core/**', 'workers/**', 'cli/**', 'electron/**', 'renderer/**'],
    ignores: ['**/*.test.ts', '**/testing.ts', '**/testing/**', 'core/conformance/**', ...BRAND_MAKERS],
    rules: { 'no-restricted-syntax': ['error', DOUBLE_CAST, ...BRAND_CASTS] },
  },
  {
    files: BRAND_MAKERS,
    rules: { 'no-restricted-syntax': ['error', DOUBLE_CAST] },
  },
  {
    // Tests are lists of cases: their outer function is as long as the list.
    files: ['**/*.test.ts', '**/*.spec.ts', '**/testing.ts', '**/testing/**', 'core/conformance/**'],
    rules: {
      'max-lines-per-function': 'off',
      // A skipped suite says why.
      'no-console': 'off',
      // `expect.stringContaining` and its sisters are `any` by their types.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // The command line, set-up and gates speak to a terminal.
    files: ['cli/**', 'build/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  {
    // For Node and browsers.
    files: ['examples/**/*.mjs'],
    languageOptions: {
      globals: {
        crypto: 'readonly',
        fetch: 'readonly',
        TextDecoder: 'readonly',
        TextEncoder: 'readonly',
      },
    },
  },
);
