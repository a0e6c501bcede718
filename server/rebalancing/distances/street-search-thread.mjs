// Where the thread begins: threads do not inherit the loader that reads TypeScript.
import { register } from 'tsx/esm/api'

register()
await import('./street-search-worker.ts')
