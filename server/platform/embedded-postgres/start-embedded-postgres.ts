import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface EmbeddedPostgres {
  /** Folder of the Unix socket: `host` for `pg`. */
  readonly host: string
  readonly port: number
  readonly pid: number
  /** Resolves with the exit code when the process has ended, asked or not. */
  readonly exited: Promise<number | null>
  /** Closes the database cleanly and waits for its end. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** The database's own folder, made when missing. */
  readonly folder: string
  /** Default: `socket` inside the folder. */
  readonly socketFolder?: string
  /** Sentences about steps that take seconds, and whatever the process says on standard error. */
  readonly onProgress?: (sentence: string) => void
}

/** A first start creates PostGIS (10–20 s); this leaves room for a slow, busy machine. */
const startLimitMs = 180_000
/** A clean close takes about a second. Killed after this, the database recovers at its next start. */
const stopLimitMs = 20_000

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/**
 * Starts the embedded database as a process of its own and waits until it takes clients. It ends with this process,
 * whatever becomes of it, but not by the terminal's Ctrl-C, so that the server can finish its work first.
 *
 * @throws Error with the process's own sentence; `code` is `folder_taken` when another process has the folder
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, socketFolder = join(folder, 'socket'), onProgress = () => undefined } = options
  const args = ['--import', 'tsx', program, '--data', folder, '--socket-dir', socketFolder, '--stop-with-parent']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  // Its standard input is a leash: nothing is ever written, and a broken pipe only means that it has ended.
  child.stdin.on('error', () => undefined)
  const exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null)
  createInterface(child.stderr).on('line', onProgress)
  try {
    const { host, port } = await readyLine(child, onProgress)
    createInterface(child.stdout).on('line', (line) => onProgress(String(parseLine(line).failed ?? line)))
    return { host, port, pid: child.pid as number, exited, stop: () => stop(child, exited) }
  } catch (error) {
    child.kill('SIGKILL')
    await exited
    throw error
  }
}

async function readyLine(child: ChildProcess, onProgress: (sentence: string) => void) {
  const limit = setTimeout(() => child.kill('SIGKILL'), startLimitMs)
  let lastSentence = 'it gave no reason'
  try {
    for await (const line of createInterface(child.stdout as NonNullable<ChildProcess['stdout']>)) {
      const said = parseLine(line)
      if (said.ready === true) return { host: String(said.socketDir), port: Number(said.port) }
      if (said.failed !== undefined) throw await failure(child, String(said.failed))
      lastSentence = String(said.progress ?? line)
      onProgress(lastSentence)
    }
  } finally {
    clearTimeout(limit)
  }
  throw await failure(child, `the embedded database did not start; the last it said was: ${lastSentence}`)
}

interface Line {
  readonly ready?: unknown
  readonly socketDir?: unknown
  readonly port?: unknown
  readonly failed?: unknown
  readonly progress?: unknown
}

function parseLine(line: string): Line {
  return line.startsWith('{') ? (JSON.parse(line) as Line) : {}
}

const folderTakenExitCode = 3

async function failure(child: ChildProcess, sentence: string): Promise<Error> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return Object.assign(new Error(sentence), {
    code: child.exitCode === folderTakenExitCode ? 'folder_taken' : 'database_failed',
  })
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  child.kill('SIGTERM')
  const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
  await exited
  clearTimeout(limit)
}
