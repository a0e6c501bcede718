import { tellSettledMemory } from './fleet-memory.ts'

/** The server as it runs, which also tells its memory when it is told `{"settle": true}`. Nothing of it is replaced. */
process.on('message', (message: { readonly settle?: unknown }) => {
  if (message.settle === true) void tellSettledMemory()
})

await import('../server/main.ts')
