import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Change } from './core/records.ts'

/** One durable line. `change` moves the provider's state, `attempt` tells what became of a notification. */
export type JournalEntry =
  | { readonly kind: 'change'; readonly atMs: number; readonly cause: string; readonly change: Change }
  | {
      readonly kind: 'attempt'
      readonly atMs: number
      readonly notifyId: string
      readonly outcome: 'delivered' | 'retry' | 'gave-up'
      readonly attempts: number
      readonly dueMs: number
    }

export interface Journal {
  /** Queues an entry; it is durable when the next `flushed()` has resolved. */
  readonly append: (entry: JournalEntry) => void
  /** Resolves when everything appended so far is on the disk (fsync). Rejects once writing has failed, for ever. */
  readonly flushed: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Opens an append-only journal, giving every entry it holds to `replay` first. A last line without its newline was cut
 * by a kill in the middle of a write and was never answered: it is cut off. Any other damage is an error.
 */
export async function openJournal(path: string, replay: (entry: JournalEntry) => void): Promise<Journal> {
  const file = await open(path, 'a', 0o600)
  const goodBytes = await replayLines(path, replay)
  await file.truncate(goodBytes)
  return groupCommits(file)
}

async function replayLines(path: string, replay: (entry: JournalEntry) => void): Promise<number> {
  let rest = Buffer.alloc(0)
  let goodBytes = 0
  let lineNumber = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk])
    let end = rest.indexOf(10)
    while (end >= 0) {
      lineNumber += 1
      replay(parseLine(path, lineNumber, rest.subarray(0, end).toString('utf8')))
      goodBytes += end + 1
      rest = rest.subarray(end + 1)
      end = rest.indexOf(10)
    }
  }
  return goodBytes
}

function parseLine(path: string, lineNumber: number, text: string): JournalEntry {
  try {
    return JSON.parse(text) as JournalEntry
  } catch (cause) {
    throw new Error(`${path} is damaged at line ${lineNumber}`, { cause })
  }
}

/** Everything that waits is written with one write and one fsync: requests that arrive together share the disk's time. */
function groupCommits(file: FileHandle): Journal {
  let waiting: string[] = []
  let running: Promise<void> | undefined
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting
      waiting = []
      await file.appendFile(lines.join(''))
      await file.datasync()
    }
  }
  const flushed = async (): Promise<void> => {
    // A failed write stays in `running`: no later answer may pretend to be durable.
    running ??= writeAll().then(() => {
      running = undefined
    })
    await running
    if (waiting.length > 0) await flushed()
  }
  return {
    append: (entry) => {
      waiting.push(`${JSON.stringify(entry)}\n`)
    },
    flushed,
    close: async () => {
      await flushed()
      await file.close()
    },
  }
}
