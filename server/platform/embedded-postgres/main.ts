import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { takeFolderLock } from './folder-lock.ts'
import { openDataFolder } from './open-data-folder.ts'
import { serveClients } from './serve-clients.ts'
import { createSessionQueue } from './session-queue.ts'
import { openSocketFolder, socketFile, socketPort } from './socket-folder.ts'

/**
 * The embedded database as a process of its own: `main.ts --data DIR --socket-dir DIR [--stop-with-parent]`.
 * Writes JSON lines: `{"progress": sentence}` …, then `{"ready":true,"socketDir":…,"port":…}`; a failure is
 * `{"failed": sentence}` and an exit code: 3 when another process holds the folder, 1 otherwise.
 * SIGTERM or SIGINT (and, with --stop-with-parent, the end of standard input) close it cleanly.
 */
const exitCode = { stopped: 0, failed: 1, folderTaken: 3 } as const

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    'socket-dir': { type: 'string' },
    'stop-with-parent': { type: 'boolean', default: false },
  },
})

try {
  await run(resolve(values.data ?? 'data/postgres'), values['socket-dir'])
} catch (error) {
  fail(exitCode.failed, error instanceof Error ? error.message : String(error))
}

async function run(folder: string, wantedSocketFolder = join(folder, 'socket')): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await takeFolderLock(join(folder, 'in-use.json'))
  if ('heldBy' in lock) {
    const advice = `stop it (kill ${lock.heldBy}), or choose another folder with DATA_DIR`
    return fail(exitCode.folderTaken, `${folder} is in use by the database process ${lock.heldBy}: ${advice}`)
  }
  const stopAsked = nextStopSignal()
  const db = await openDataFolder(folder, (sentence) => tell({ progress: sentence }))
  const queue = createSessionQueue(db, (error) => {
    // What was acknowledged is on disk; the next start recovers it.
    fail(exitCode.failed, `the embedded database stopped and must be started again: ${error.message}`)
  })
  const socketDir = await openSocketFolder(wantedSocketFolder)
  const server = await serveClients(queue, socketFile(socketDir))
  tell({ ready: true, socketDir, port: socketPort })

  await stopAsked
  await server.close()
  await db.exec('CHECKPOINT')
  await db.close()
  await rm(socketFile(socketDir), { force: true })
  await lock.release()
  process.exit(exitCode.stopped)
}

function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve())
    process.on('SIGINT', () => resolve())
    if (values['stop-with-parent'] === true) process.stdin.on('close', () => resolve()).resume()
  })
}

function tell(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function fail(code: number, sentence: string): void {
  process.stdout.write(`${JSON.stringify({ failed: sentence })}\n`, () => process.exit(code))
}
