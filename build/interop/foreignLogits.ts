export { foreignLogits } from '#core/import/testing/foreignLogits.ts';
