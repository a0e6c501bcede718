import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Everything goes to `DATA_DIR/logs/NAME.log`; the terminal gets what a person should see. */
export interface ChildLog {
  line(name: string, text: string): void
  close(): void
}

const largestLogBytes = 20_000_000
const levels: Readonly<Record<string, number>> = { debug: 20, info: 30, warn: 40, error: 50 }

/** @param terminalLevel lines of at least this level are also printed, with the name of who said them */
export function openChildLog(folder: string, terminalLevel: string): ChildLog {
  mkdirSync(folder, { recursive: true })
  const files = new Map<string, { fd: number; bytes: number }>()
  const threshold = levels[terminalLevel] ?? 40

  const open = (name: string) => {
    const path = join(folder, `${name}.log`)
    // One earlier file is kept, so that logs never fill the disk.
    if (existsSync(path) && statSync(path).size > largestLogBytes / 2) renameSync(path, `${path}.1`)
    const file = { fd: openSync(path, 'a'), bytes: 0 }
    files.set(name, file)
    return file
  }
  return {
    line: (name, text) => {
      const file = files.get(name) ?? open(name)
      file.bytes += writeSync(file.fd, `${text}\n`)
      if (file.bytes > largestLogBytes) {
        closeSync(file.fd)
        files.delete(name)
      }
      if (levelOf(text) >= threshold) process.stdout.write(`[${name}] ${readable(text)}\n`)
    },
    close: () => {
      for (const { fd } of files.values()) closeSync(fd)
      files.clear()
    },
  }
}

/** pino's number; a plain line of a child is information. */
function levelOf(text: string): number {
  const match = /^\{"level":(\d+)/.exec(text)
  if (match) return Number(match[1])
  return /\b(error|fatal)\b/i.test(text) ? 50 : 30
}

function readable(text: string): string {
  if (!text.startsWith('{"level"')) return text
  try {
    const { level, time, pid, hostname, msg, ...rest } = JSON.parse(text) as Record<string, unknown>
    const word = Object.entries(levels).findLast(([, number]) => number <= Number(level))?.[0] ?? 'info'
    return `${word} ${String(msg ?? '')} ${Object.keys(rest).length > 0 ? JSON.stringify(rest) : ''}`.trim()
  } catch {
    return text
  }
}
