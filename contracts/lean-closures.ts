/**
 * To be imported first by a program with many small functions. The loader that runs our TypeScript (esbuild, keepNames)
 * writes its name on every function once more, each time that one is made: 250 bytes a function and a slow path, which
 * is four fifths of a simulated lock. A function that has its name already, or none, is left as it is; stack traces
 * still show file and line.
 */
const define = Object.defineProperty

Object.defineProperty = <T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor & ThisType<unknown>): T => {
  const isName = key === 'name' && typeof target === 'function'
  return isName && (target.name === '' || target.name === descriptor.value) ? target : define(target, key, descriptor)
}
