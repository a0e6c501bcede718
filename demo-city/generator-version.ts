/** Raised whenever the same seed would give another city; a folder made by an older one is made again. */
export const generatorVersion = 1
