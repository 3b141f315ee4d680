// For tools that read TypeScript without Vue's own checker; vue-tsc uses the real types.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
