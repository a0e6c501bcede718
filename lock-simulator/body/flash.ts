import type { LockEvent } from '../../contracts/mqtt/reports.ts'
import type { JournalRecord, Nvm, NvmWrite } from '../firmware/journal.ts'

/** Memory that keeps its content without power. */
export interface Flash {
  read(): Nvm
  write(write: NvmWrite): void
  /** Power fails in the middle of this write: the cell's checksum will not fit. */
  tear(write: NvmWrite): void
}

export function createFlash(factory: Nvm): Flash {
  const slots: [JournalRecord | null, JournalRecord | null] = [...factory.slots]
  const events = new Map<string, LockEvent>(factory.events.map((event) => [keyOf(event), event]))
  return {
    read: () => ({ slots: [...slots], events: [...events.values()] }),
    write: (write) => {
      switch (write.cell) {
        case 'journal':
          slots[write.slot] = write.record
          break
        case 'event':
          events.set(keyOf(write.event), write.event)
          break
        case 'erase-event':
          events.delete(keyOf(write))
          break
      }
    },
    tear: (write) => {
      if (write.cell === 'journal') slots[write.slot] = null
    },
  }
}

const keyOf = ({ b, q }: { readonly b: number; readonly q: number }) => `${b}/${q}`
