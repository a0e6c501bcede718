import type { VirtualRadio, VirtualRadioAnswer } from '../../contracts/http/demo.ts'
import type { PhoneConnection } from '../radio/phone-radio.ts'
import type { Bike } from './bike.ts'

/** A page that says nothing for so long is gone. Real time. */
const forgetAfterMs = 20_000
/** How long `listen` waits for a word of the lock. Real time: shorter than the server waits for us. */
const listenMs = 1_000
const mostLinks = 50
const mostFrames = 20

interface Link {
  readonly bike: Bike
  readonly connection: PhoneConnection
  readonly frames: string[]
  isOpen: boolean
  /** Somebody waits for a frame. */
  wake: (() => void) | null
  timer: NodeJS.Timeout
}

/** The simulated stand-in for a phone's short-range radio: frames between a rider's page and the lock beside it. */
export interface PhoneBridge {
  exchange(bike: Bike, asked: VirtualRadio): Promise<VirtualRadioAnswer>
  close(): void
}

export function createPhoneBridge(): PhoneBridge {
  const links = new Map<string, Link>()
  let made = 0

  function connect(bike: Bike): VirtualRadioAnswer {
    if (links.size >= mostLinks) return nobody
    const name = `${++made}`
    const frames: string[] = []
    const connection = bike.lock.phone().connect({
      frame: (bytes) => {
        if (frames.length < mostFrames) frames.push(new TextDecoder().decode(bytes))
        links.get(name)?.wake?.()
      },
      closed: () => {
        const link = links.get(name)
        if (link) link.isOpen = false
        link?.wake?.()
      },
    })
    if (connection === null) return nobody
    links.set(name, {
      bike,
      connection,
      frames,
      isOpen: true,
      wake: null,
      timer: setTimeout(() => drop(name), forgetAfterMs),
    })
    return { link: name, frames: [] }
  }

  function drop(name: string): void {
    const link = links.get(name)
    if (!link) return
    clearTimeout(link.timer)
    links.delete(name)
    link.connection.close()
    link.wake?.()
  }

  async function listen(name: string, link: Link): Promise<VirtualRadioAnswer> {
    if (link.frames.length === 0 && link.isOpen) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, listenMs)
        link.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      link.wake = null
    }
    const frames = link.frames.splice(0)
    if (link.isOpen || frames.length > 0) return { link: name, frames }
    drop(name)
    return nobody
  }

  return {
    exchange: async (bike, { act, link: name = '', frame = '' }) => {
      if (act === 'connect') return connect(bike)
      const link = links.get(name)
      if (link?.bike !== bike) return nobody
      link.timer.refresh()
      switch (act) {
        case 'leave':
          drop(name)
          return nobody
        case 'say':
          link.connection.send(new TextEncoder().encode(frame))
          return { link: name, frames: [] }
        case 'listen':
          return listen(name, link)
      }
    },
    close: () => {
      for (const name of [...links.keys()]) drop(name)
    },
  }
}

const nobody: VirtualRadioAnswer = { link: null, frames: [] }
