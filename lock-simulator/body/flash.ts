import type { LockEvent } from '../../contracts/mqtt/reports.ts'
import type { JournalRecord, Nvm, NvmWrite } from '../firmware/journal.ts'
import type { TelemetryPage } from '../firmware/telemetry-lane.ts'

/** Memory that keeps its content without power. */
export interface Flash {
  read(): Nvm
  write(write: NvmWrite): void
  /** Power fails in the middle of this write: the cell's checksum will not fit, and it reads as null. */
  tear(write: NvmWrite): void
}

/** Cells by their names, in the order in which they were first written; null is one that cannot be read. */
type Cells<Name, Content> = Map<Name, Content | null>

export function createFlash(factory: Nvm): Flash {
  const slots: [JournalRecord | null, JournalRecord | null] = [...factory.slots]
  // A process holds a hundred thousand locks with nothing to say: what is empty is not there.
  let events: Cells<string, LockEvent> | null = null
  let pages: Cells<number, TelemetryPage> | null = null
  for (const event of factory.events) if (event) put(event)

  function put(event: LockEvent, isReadable = true): void {
    events ??= new Map()
    events.set(keyOf(event), isReadable ? event : null)
  }

  function append({ n, order, b, record }: Extract<NvmWrite, { cell: 'record' }>): void {
    pages ??= new Map()
    const page = pages.get(n)
    // A spoilt page stays spoilt until it is erased.
    if (page !== null) pages.set(n, { n, order, b, records: [...(page?.records ?? []), record] })
  }

  return {
    read: () => ({
      slots: [...slots],
      events: events === null ? [] : [...events.values()],
      ...(pages === null ? {} : { pages: [...pages.values()] }),
    }),
    write: (write) => {
      switch (write.cell) {
        case 'journal':
          slots[write.slot] = write.record
          break
        case 'event':
          put(write.event)
          break
        case 'erase-event':
          events?.delete(keyOf(write))
          if (events?.size === 0) events = null
          break
        case 'record':
          append(write)
          break
        case 'page':
          pages ??= new Map()
          pages.set(write.page.n, write.page)
          break
        case 'erase-page':
          pages?.delete(write.n)
          if (pages?.size === 0) pages = null
          break
        case 'erase-spoilt':
          events = readable(events)
          pages = readable(pages)
          break
      }
    },
    tear: (write) => {
      switch (write.cell) {
        case 'journal':
          slots[write.slot] = null
          break
        case 'event':
          put(write.event, false)
          break
        case 'erase-event':
          events?.set(keyOf(write), null)
          break
        case 'record':
        case 'erase-page':
          pages ??= new Map()
          pages.set(write.n, null)
          break
        case 'page':
          pages ??= new Map()
          pages.set(write.page.n, null)
          break
        case 'erase-spoilt':
          break
      }
    },
  }
}

const keyOf = ({ b, q }: { readonly b: number; readonly q: number }) => `${b}/${q}`

function readable<Name, Content>(cells: Cells<Name, Content> | null): Cells<Name, Content> | null {
  const kept = [...(cells ?? [])].filter(([, content]) => content !== null)
  return kept.length === 0 ? null : new Map(kept)
}
