/** Uniform in [0, 1), like Math.random. A parameter, so that tests can print and replay a seed. */
export type Random = () => number;
