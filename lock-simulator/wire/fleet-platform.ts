import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Where a fleet finds its platform. */
export interface FleetPlatform {
  readonly mqttUrl: string
  readonly httpUrl: string
  readonly factoryToken: string
  /** Works once; null: nobody can be asked to ring. */
  readonly staffLink: string | null
  /** PEM; null: the machine's own list. */
  readonly ca: string | null
  /** Null when it is somebody else's process. */
  serverRssBytes(): number | null
  /** kill -9 of the server and its next start; null when it is somebody else's. */
  readonly restart: (() => Promise<void>) | null
  /** What its database says of what was acknowledged; null when it is somebody else's. */
  readonly judge: ((files: readonly string[]) => Promise<StoredVerdict>) | null
  close(): Promise<void>
}

/** What a platform's database holds, beside what locks were told. */
export interface StoredVerdict {
  /** Acknowledged to a lock. */
  readonly acknowledged: number
  /** Acknowledged, and not in the database. */
  readonly missing: number
  readonly doubled: number
  /** Reports and commands that nothing has decided on within the limit. */
  readonly open: number
}

type ReadyLine = Pick<FleetPlatform, 'mqttUrl' | 'httpUrl' | 'factoryToken' | 'staffLink' | 'ca'> & {
  readonly serverPid: number
}

const program = fileURLToPath(new URL('../../scripts/start/own-platform-process.ts', import.meta.url))

/** One of its own, each part a process, in a folder that is removed again. */
export async function startOwnPlatform(isTls: boolean): Promise<FleetPlatform> {
  const args = ['--import', 'tsx', program, ...(isTls ? ['--tls'] : [])]
  // In a group of its own: the terminal's Ctrl-C reaches the fleet, which then lets go of it.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], detached: true })
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error('the platform has ended')))
  // Whoever asks after that learns of it; until then it is nobody's.
  ended.catch(() => undefined)
  const { serverPid, ...addresses } = await readyLine(child)
  let pid = serverPid
  const ask = <Answer>(order: object): Promise<Answer> => {
    const answer = new Promise<Answer>((resolve) => child.once('message', (said) => resolve(said as Answer)))
    if (child.connected) child.send(order)
    return Promise.race([answer, ended])
  }
  // One after another: an answer belongs to the question before it.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Answer>(order: object): Promise<Answer> => {
    const answer = last.then(() => ask<Answer>(order))
    last = answer.catch(() => undefined)
    return answer
  }
  return {
    ...addresses,
    serverRssBytes: () => residentBytes(pid),
    restart: async () => {
      ;({ serverPid: pid } = await inTurn<{ readonly serverPid: number }>({ kind: 'restart' }))
    },
    judge: (files) => inTurn<StoredVerdict>({ kind: 'judge', files }),
    close: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

/** @throws when the factory token is nowhere to be found */
export function runningPlatform(mqttUrl: string, httpUrl: string, ca: string | null): FleetPlatform {
  const file = join(process.env.DATA_DIR ?? './data', 'secrets', 'factory-token')
  const factoryToken = process.env.FACTORY_TOKEN ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : null)
  if (factoryToken === null) {
    throw new Error(`No factory token: set FACTORY_TOKEN, or DATA_DIR so that ${file} is there.`)
  }
  const staffLink = process.env.STAFF_LINK ?? null
  return {
    ...{ mqttUrl, httpUrl, factoryToken, staffLink, ca, serverRssBytes: () => null, restart: null, judge: null },
    close: async () => undefined,
  }
}

function readyLine(child: ChildProcess): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the platform has ended before it was ready (code ${String(code)})`)))
    if (child.stdout === null) return
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as ReadyLine)
    })
  })
}

/** Linux tells it of any process of ours; elsewhere it is not known. */
function residentBytes(pid: number): number | null {
  const path = `/proc/${pid}/status`
  if (!existsSync(path)) return null
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8')) ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024
}
