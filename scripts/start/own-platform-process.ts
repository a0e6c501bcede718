import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPgDatabase } from '../../server/platform/pg-database.ts'
import { type OwnPlatform, openOwnPlatform } from './own-platform.ts'
import { judgeStored } from './stored-records.ts'

/**
 * A platform of one's own as a child process: prints `{"ready":true, …}` with its addresses, the factory token and the
 * server's process id, and closes everything when its parent lets go of it. Asked to, it kills the server and starts it
 * again, or says what the database holds of acknowledged records.
 */
type Order = { readonly kind: 'restart' } | { readonly kind: 'judge'; readonly files: readonly string[] }

const isTls = process.argv.includes('--tls')

process.on('disconnect', () => void closeAll())
// Ctrl-C reaches every process of a terminal: the parent decides when this one ends.
process.on('SIGINT', () => undefined)

const opening = openOwnPlatform({
  isTls,
  onProgress: (sentence) => process.stderr.write(`${sentence}\n`),
  onLine: (name, line) => {
    if (/^\{"level":[56]0/.test(line)) process.stderr.write(`[${name}] ${line}\n`)
  },
})

async function closeAll(): Promise<void> {
  const platform = await opening.catch(() => null)
  await platform?.close()
  process.exit(0)
}

const platform = await opening
process.on('message', (order: Order) => void obey(platform, order))
const { httpUrl, factoryToken } = platform
process.stdout.write(
  `${JSON.stringify({
    ...{ ready: true, httpUrl, factoryToken, mqttUrl: isTls ? platform.mqttsUrl() : platform.mqttUrl },
    ...{ staffLink: platform.staffLink(), serverPid: platform.serverPid() },
    ca: isTls ? await authority(platform.dataDir) : null,
  })}\n`,
)

async function obey({ kill, start, serverPid, database }: OwnPlatform, order: Order): Promise<void> {
  switch (order.kind) {
    case 'restart':
      await kill()
      await start()
      return void process.send?.({ serverPid: serverPid() })
    case 'judge': {
      const db = openPgDatabase({ ...database, max: 1 })
      const verdict = await judgeStored(db, order.files).finally(() => db.close())
      return void process.send?.(verdict)
    }
  }
}

/** The certificate of who signs for this platform; the key beside it in the same file stays where it is. */
async function authority(dataDir: string): Promise<string | null> {
  const pem = await readFile(join(dataDir, 'secrets', 'lock-authority.pem'), 'utf8')
  return /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? null
}
