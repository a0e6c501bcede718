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

export const createFlash = (factory: Nvm): Flash => new SimulatedFlash(factory)

/** A class, because a process holds a hundred thousand; and what is empty is not there. */
class SimulatedFlash implements Flash {
  readonly #slots: [JournalRecord | null, JournalRecord | null]
  #events: Cells<string, LockEvent> | null = null
  #pages: Cells<number, TelemetryPage> | null = null

  constructor(factory: Nvm) {
    this.#slots = [...factory.slots]
    for (const event of factory.events) if (event) this.#putEvent(event, event)
  }

  read(): Nvm {
    return {
      slots: [...this.#slots],
      events: this.#events === null ? [] : [...this.#events.values()],
      ...(this.#pages === null ? {} : { pages: [...this.#pages.values()] }),
    }
  }

  write(write: NvmWrite): void {
    switch (write.cell) {
      case 'journal':
        this.#slots[write.slot] = write.record
        break
      case 'event':
        this.#putEvent(write.event, write.event)
        break
      case 'erase-event':
        this.#events?.delete(keyOf(write))
        if (this.#events?.size === 0) this.#events = null
        break
      case 'record':
        this.#append(write)
        break
      case 'page':
        this.#putPage(write.page.n, write.page)
        break
      case 'erase-page':
        this.#pages?.delete(write.n)
        if (this.#pages?.size === 0) this.#pages = null
        break
      case 'erase-spoilt':
        this.#events = readable(this.#events)
        this.#pages = readable(this.#pages)
        break
    }
  }

  tear(write: NvmWrite): void {
    switch (write.cell) {
      case 'journal':
        this.#slots[write.slot] = null
        break
      case 'event':
        this.#putEvent(write.event, null)
        break
      case 'erase-event':
        this.#events?.set(keyOf(write), null)
        break
      case 'record':
      case 'erase-page':
        this.#putPage(write.n, null)
        break
      case 'page':
        this.#putPage(write.page.n, null)
        break
      case 'erase-spoilt':
        break
    }
  }

  #putEvent(name: { readonly b: number; readonly q: number }, event: LockEvent | null): void {
    this.#events ??= new Map()
    this.#events.set(keyOf(name), event)
  }

  #putPage(n: number, page: TelemetryPage | null): void {
    this.#pages ??= new Map()
    this.#pages.set(n, page)
  }

  #append({ n, order, b, record }: Extract<NvmWrite, { cell: 'record' }>): void {
    const page = this.#pages?.get(n)
    // A spoilt page stays spoilt until it is erased.
    if (page !== null) this.#putPage(n, { n, order, b, records: [...(page?.records ?? []), record] })
  }
}

const keyOf = ({ b, q }: { readonly b: number; readonly q: number }) => `${b}/${q}`

function readable<Name, Content>(cells: Cells<Name, Content> | null): Cells<Name, Content> | null {
  const kept = [...(cells ?? [])].filter(([, content]) => content !== null)
  return kept.length === 0 ? null : new Map(kept)
}
