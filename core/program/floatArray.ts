/** Floats of a backend: `Float32Array` (native) or `Float64Array` (reference). */
export type FloatArray = Float32Array | Float64Array;
