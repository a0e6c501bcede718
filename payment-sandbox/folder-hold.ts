import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Takes a data folder for this process, until the returned function gives it back or the process ends. Throws when
 * another process has it. A Unix socket is the hold: unlike a pid in a file it dies with its owner, even by kill -9.
 * It lies in the temporary folder under a hash, because socket paths may be no longer than about 100 bytes.
 */
export async function holdFolder(dataDir: string): Promise<() => Promise<void>> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 24)
  const path = join(tmpdir(), `zwerm-payment-sandbox-${name}.sock`)
  if (await isAnswered(path)) throw new Error(`another payment sandbox is running on ${dataDir}`)
  await rm(path, { force: true })
  const server = createServer((socket) => socket.destroy())
  server.listen(path)
  await once(server, 'listening')
  server.unref()
  return async () => {
    server.close()
    await once(server, 'close')
  }
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = createConnection(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED'))
      return false
    throw error
  } finally {
    socket.destroy()
  }
}
