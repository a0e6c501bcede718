import type { VirtualRadio, VirtualRadioAnswer } from '../../contracts/http/demo.ts'
import type { LockFrame } from '../../contracts/no-coverage.ts'
import type { Api } from '../../ui-kit/api/api-client.ts'
import { type PhoneLine, type PhoneRadio, RadioTrouble, readFrame } from './phone-radio.ts'

/** The simulated city carries the frames: no browser's Bluetooth reaches a simulated lock. In the demo only. */
export function demoRadio(api: Api, bikeNumber: string): PhoneRadio {
  const ask = async (body: VirtualRadio): Promise<VirtualRadioAnswer> => {
    const answer = await api.send<VirtualRadioAnswer>(`/demo/city/bikes/${bikeNumber}/radio`, { method: 'POST', body })
    if (answer.kind === 'refused') throw new RadioTrouble('gone')
    return answer.value
  }
  return {
    isHere: true,
    isDemo: true,
    connect: async () => {
      const { link } = await ask({ act: 'connect' })
      if (link === null) throw new RadioTrouble('taken')
      return lineOver(ask, link)
    },
  }
}

function lineOver(ask: (body: VirtualRadio) => Promise<VirtualRadioAnswer>, link: string): PhoneLine {
  const heard: LockFrame[] = []
  return {
    say: async (frame) => {
      await ask({ act: 'say', link, frame: JSON.stringify(frame) })
    },
    next: async (waitMs) => {
      const untilMs = performance.now() + waitMs
      while (heard.length === 0) {
        if (performance.now() > untilMs) throw new RadioTrouble('gone')
        const answer = await ask({ act: 'listen', link })
        heard.push(...answer.frames.map(readFrame).filter((frame) => frame !== null))
        if (answer.link === null && heard.length === 0) throw new RadioTrouble('gone')
      }
      return heard.shift() as LockFrame
    },
    close: () => void ask({ act: 'leave', link }).catch(() => undefined),
  }
}
