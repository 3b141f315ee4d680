/** A nominal type over `T`: values that could be confused get different brands. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
