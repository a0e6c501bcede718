import { createServer } from 'node:net'

/** Null when `port` can be listened on; else one sentence that says how to choose another. 0 is always free. */
export async function portSentence(name: string, port: number, host: string): Promise<string | null> {
  if (port === 0) return null
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (code === undefined) return null
  if (code === 'EADDRINUSE') return `${name} ${port} is in use. Choose another one: ${name}=${port + 1} npm start`
  if (code === 'EACCES') return `${name} ${port} needs more rights. Choose one above 1023: ${name}=8080 npm start`
  return `${name} ${port} cannot be listened on (${code}). Choose another one: ${name}=${port + 1} npm start`
}
