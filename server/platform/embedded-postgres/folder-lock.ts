import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

export interface FolderLock {
  release(): Promise<void>
}

/** Who holds a lock: a process id, and its start time because ids are given out again. */
interface Holder {
  readonly pid: number
  readonly started: string
}

const maxAttempts = 100
const attemptPauseMs = 20
/** Taking over takes a millisecond or two; a process that has been at it for this long died on the way. */
const takeoverLimitMs = 5_000

/**
 * Takes the lock file at `path`, or answers who has it. A lock whose process is dead is taken over, by one process at
 * a time. The file always appears with its content in one step (hard link, rename), so a crash never leaves half of it.
 */
export async function takeFolderLock(path: string): Promise<FolderLock | { readonly heldBy: number }> {
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder)
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, mine, { mode: 0o600 })
  const lock: FolderLock = { release: () => releaseIfMine(path, mine) }
  try {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      if (await linkIfFree(draft, path)) return lock
      const holder = await liveHolder(path)
      if (holder !== undefined) return { heldBy: holder.pid }
      if (await takeOver(path, draft)) return lock
      await pause(attemptPauseMs)
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new Error(`${path} changes hands too often to be taken: is something starting this again and again?`)
}

/** True when the dead lock was replaced by the draft. Only who made the file beside it may look again and replace. */
async function takeOver(path: string, draft: string): Promise<boolean> {
  const turn = `${path}.takeover`
  if (!(await linkIfFree(draft, turn))) {
    const age = Date.now() - ((await statIfThere(turn))?.mtimeMs ?? Date.now())
    if (age > takeoverLimitMs) await rm(turn, { force: true })
    return false
  }
  try {
    if ((await readIfThere(path)) === undefined || (await liveHolder(path)) !== undefined) return false
    await rename(draft, path)
    return true
  } finally {
    await rm(turn, { force: true })
  }
}

async function liveHolder(path: string): Promise<Holder | undefined> {
  const holder = parseHolder((await readIfThere(path)) ?? '')
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined
}

async function releaseIfMine(path: string, mine: string): Promise<void> {
  if ((await readIfThere(path)) === mine) await rm(path, { force: true })
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = await startOf(holder.pid)
  return started === '' || started === holder.started
}

/** Field 22 of /proc/PID/stat: clock ticks from boot to the start of the process. Empty where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  const stat = await readIfThere(`/proc/${pid}/stat`)
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(content) as Partial<Holder>
    return Number.isSafeInteger(pid) && typeof started === 'string' ? { pid: pid as number, started } : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
