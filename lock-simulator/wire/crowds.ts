import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { present } from '../../contracts/assert.ts'
import type { BackOffLimits } from '../radio/back-off.ts'
import type { CrowdCount, CrowdLock, CrowdNews, CrowdOrder } from './crowd-orders.ts'

type Answered = Extract<CrowdNews, { kind: 'asked' | 'answered' }>

/** Locks in several processes, each process with a source address of its own. */
export interface Crowds {
  /** Deals these out and switches them on over `rampMs`. Locks may be added later. */
  connect(locks: readonly CrowdLock[], options: ConnectOptions): void
  count(): Promise<CrowdCount>
  lever(lockId: string): void
  rattle(lockIds: readonly string[], everyMs: number): void
  wander(lockIds: readonly string[], everyMs: number): void
  still(): void
  /** When the lock had the command, and when the platform had its last word of it; null: not within the limit. */
  hears(kind: Answered['kind'], commandId: string, limitMs: number): Promise<Answered | null>
  onAnswer(listener: (news: Answered) => void): void
  /** Writes what was acknowledged, a file a process; resolves with the paths. */
  write(folder: string): Promise<readonly string[]>
  stop(): Promise<void>
}

export interface ConnectOptions {
  /** `mqtt://host:port`, or `mqtts:` */
  readonly url: string
  readonly seed: string
  readonly rampMs: number
  readonly ca?: string | null
  readonly backOff?: BackOffLimits | null
  readonly remembers?: boolean
}

const program = fileURLToPath(new URL('./crowd-process.ts', import.meta.url))
const loopback = /^(127\.|localhost$)/

export function startCrowds(processes: number): Crowds {
  const children = Array.from({ length: processes }, () => fork(program, { execArgv: ['--import', 'tsx'] }))
  const owners = new Map<string, ChildProcess>()
  const waiting = new Map<string, (news: Answered) => void>()
  const listeners: ((news: Answered) => void)[] = []
  let dealt = 0
  let isStopping = false
  const dead = new Promise<never>((_, reject) => {
    for (const child of children) {
      child.once('exit', (code) => {
        if (!isStopping) reject(new Error(`a process of locks has ended by itself (code ${String(code)})`))
      })
    }
  })
  // Whoever asks a dead crowd something learns of it; until then it is nobody's.
  dead.catch(() => undefined)
  for (const child of children) {
    child.on('message', (news: CrowdNews) => {
      if (news.kind !== 'asked' && news.kind !== 'answered') return
      const key = `${news.kind}/${news.commandId}`
      waiting.get(key)?.(news)
      waiting.delete(key)
      for (const listener of listeners) listener(news)
    })
  }
  const order = (child: ChildProcess, what: CrowdOrder): void => void (child.connected && child.send(what))
  const ask = async <Kind extends 'count' | 'write'>(child: ChildProcess, what: CrowdOrder & { kind: Kind }) => {
    const answer = new Promise<Extract<CrowdNews, { kind: Kind }>>((resolve) => {
      const hear = (news: CrowdNews): void => {
        if (news.kind !== what.kind) return
        child.off('message', hear)
        resolve(news as Extract<CrowdNews, { kind: Kind }>)
      }
      child.on('message', hear)
    })
    order(child, what)
    return Promise.race([answer, dead])
  }
  const perOwner = (lockIds: readonly string[], tell: (child: ChildProcess, own: readonly string[]) => void): void => {
    for (const child of children) {
      const own = lockIds.filter((lockId) => owners.get(lockId) === child)
      if (own.length > 0) tell(child, own)
    }
  }

  return {
    connect: (locks, { url, seed, rampMs, ca = null, backOff = null, remembers = false }) => {
      const hands: CrowdLock[][] = children.map(() => [])
      for (const lock of locks) hands[dealt++ % hands.length]?.push(lock)
      const isLocal = loopback.test(new URL(url).hostname)
      for (const [index, child] of children.entries()) {
        const own = hands[index] ?? []
        for (const { lockId } of own) owners.set(lockId, child)
        const localAddress = isLocal ? `127.0.0.${index + 2}` : null
        order(child, { kind: 'connect', locks: own, url, seed, localAddress, ca, rampMs, backOff, remembers })
      }
    },
    count: async () => {
      const news = await Promise.all(children.map((child) => ask(child, { kind: 'count' })))
      return added(news.map(({ count }) => count))
    },
    lever: (lockId) => order(present(owners.get(lockId), 'the lock is in a crowd'), { kind: 'lever', lockId }),
    rattle: (ids, everyMs) => perOwner(ids, (child, lockIds) => order(child, { kind: 'rattle', lockIds, everyMs })),
    wander: (ids, everyMs) => perOwner(ids, (child, lockIds) => order(child, { kind: 'wander', lockIds, everyMs })),
    still: () => {
      for (const child of children) order(child, { kind: 'still' })
    },
    hears: (kind, commandId, limitMs) =>
      new Promise((resolve) => {
        const key = `${kind}/${commandId}`
        const giveUp = (): void => {
          waiting.delete(key)
          resolve(null)
        }
        const timer = setTimeout(giveUp, limitMs)
        timer.unref()
        waiting.set(key, (news) => {
          clearTimeout(timer)
          resolve(news)
        })
      }),
    onAnswer: (listener) => void listeners.push(listener),
    write: async (folder) => {
      const paths = children.map((_, index) => `${folder}/acknowledged-${index}.txt`)
      await Promise.all(
        children.map((child, index) =>
          ask(child, { kind: 'write', path: present(paths[index], 'every process has its file') }),
        ),
      )
      return paths
    },
    stop: async () => {
      isStopping = true
      const ended = children.map((child) => (child.exitCode === null ? once(child, 'exit') : null))
      for (const child of children) if (child.connected) child.disconnect()
      await Promise.all(ended)
    },
  }
}

function added(counts: readonly CrowdCount[]): CrowdCount {
  const sum = (pick: (count: CrowdCount) => number) => counts.reduce((soFar, count) => soFar + pick(count), 0)
  return {
    locks: sum((count) => count.locks),
    connected: sum((count) => count.connected),
    heard: sum((count) => count.heard),
    everHeard: sum((count) => count.everHeard),
    lostConnections: sum((count) => count.lostConnections),
    refused: sum((count) => count.refused),
    messagesStored: sum((count) => count.messagesStored),
    waitingEvents: sum((count) => count.waitingEvents),
    obeyed: sum((count) => count.obeyed),
    obeyedTwice: sum((count) => count.obeyedTwice),
    rssBytes: sum((count) => count.rssBytes),
  }
}
