import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread that runs a TypeScript program of ours. A thread of Node 20 does not take over the loader that reads
 * TypeScript, neither from its parent nor by `--import`: it has to register it itself, before the program.
 *
 * @param program `new URL('./x-worker.ts', import.meta.url)`
 */
export function startTypescriptThread(program: URL, options: Omit<WorkerOptions, 'eval' | 'execArgv'>): Worker {
  const text = `import { register } from '${import.meta.resolve('tsx/esm/api')}'
register()
await import('${program.href}')`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), { ...options, execArgv: [] })
}
