import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'

export interface FolderLock {
  release(): Promise<void>
}

/** Who holds a lock: a process id, and its start time because ids are given out again. */
interface Holder {
  readonly pid: number
  readonly started: string
}

const maxAttempts = 5

/**
 * Takes the lock file at `path`, or answers who has it. A lock whose process is dead is taken over. The file appears
 * with its content in one step (hard link), so a crash never leaves an empty one.
 */
export async function takeFolderLock(path: string): Promise<FolderLock | { readonly heldBy: number }> {
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder)
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      if (await linkIfFree(draft, path)) return { release: () => releaseIfMine(path, mine) }
      const content = await readIfThere(path)
      if (content === undefined) continue
      const holder = parseHolder(content)
      if (holder !== undefined && (await isAlive(holder))) return { heldBy: holder.pid }
      await setAside(path, content)
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new Error(`${path} changes hands too often to be taken: is something starting this again and again?`)
}

/** Removes a dead process's lock; puts it back when another process was faster and this is already the other's. */
async function setAside(path: string, deadContent: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  if ((await readFile(aside, 'utf8')) !== deadContent) await linkIfFree(aside, path)
  await rm(aside, { force: true })
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

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
