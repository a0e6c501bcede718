import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ChildOptions {
  readonly name: string
  /** Path of its program from the root of the project. */
  readonly program: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Every line that it says, both streams; the ready line is left out. */
  readonly onLine: (name: string, line: string) => void
}

/** What a child says of itself when it is ready: `{"ready":true, …}` on a line. */
export type ReadyLine = Readonly<Record<string, unknown>>

export interface Child {
  readonly name: string
  readonly pid: number
  /** Rejects when the child ends before it was ready. */
  readonly ready: Promise<ReadyLine>
  /** Exit code once it has ended, asked or not. */
  readonly exited: Promise<number | null>
  send(message: object): void
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const leash = fileURLToPath(new URL('./follow-parent.ts', import.meta.url))
/** A clean stop flushes and closes; killed after this, everything recovers at the next start. */
const stopLimitMs = 10_000

/** Starts a program of ours as a process of its own, in its own group: the terminal's Ctrl-C reaches only the parent. */
export function startChild(options: ChildOptions): Child {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', leash, options.program, ...(options.args ?? [])],
    { cwd: root, stdio: ['pipe', 'pipe', 'pipe', 'ipc'], detached: true, env: { ...process.env, ...options.env } },
  )
  child.stdin?.on('error', () => undefined)
  const exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null)
  const lastLines: string[] = []
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    const hear = (line: string): void => {
      const said = readyLine(line)
      if (said) resolve(said)
      else {
        lastLines.push(line)
        if (lastLines.length > 5) lastLines.shift()
        options.onLine(options.name, line)
      }
    }
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', hear)
    child.on('error', reject)
    child.on('exit', () => {
      const plain = lastLines.filter((line) => !line.startsWith('{"level"'))
      reject(new Error(`${options.name} ended before it was ready. ${plain.join('\n')}`))
    })
  })
  // Whoever does not wait for `ready` still learns of the end by `exited`.
  ready.catch(() => undefined)
  return {
    name: options.name,
    pid: child.pid ?? 0,
    ready,
    exited,
    send: (message) => void child.send?.(message),
    stop: () => stop(child, exited),
  }
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
  await exited
  clearTimeout(limit)
}

function readyLine(line: string): ReadyLine | null {
  if (!line.startsWith('{"ready":true')) return null
  try {
    return JSON.parse(line) as ReadyLine
  } catch {
    return null
  }
}
