/** A nominal type over `T`: values that could be swapped by mistake get different brands. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
