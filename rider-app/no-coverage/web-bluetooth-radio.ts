import type { LockFrame } from '../../contracts/no-coverage.ts'
import { createJoiner, piecesOf } from './frame-pieces.ts'
import { type PhoneLine, type PhoneRadio, RadioTrouble, readFrame } from './phone-radio.ts'

/** The GATT profile of docs/no-coverage.md. */
const service = '7a770001-5a57-4552-4d00-6c6f636b0001'
const toLock = '7a770002-5a57-4552-4d00-6c6f636b0001'
const fromLock = '7a770003-5a57-4552-4d00-6c6f636b0001'

/** As much of Web Bluetooth as we use; TypeScript's own types do not have it. */
interface Characteristic extends EventTarget {
  readonly value?: DataView
  startNotifications(): Promise<Characteristic>
  writeValueWithResponse(bytes: BufferSource): Promise<void>
}
interface Server {
  getPrimaryService(id: string): Promise<{ getCharacteristic(id: string): Promise<Characteristic> }>
}
interface Device extends EventTarget {
  readonly gatt: { connect(): Promise<Server>; disconnect(): void }
}
interface Bluetooth {
  getAvailability(): Promise<boolean>
  requestDevice(options: { readonly filters: readonly { name: string; services: string[] }[] }): Promise<Device>
}

/** The phone's own radio, where its browser lets a page use it. The rider picks the lock in the browser's own list. */
export function webBluetoothRadio(): PhoneRadio {
  const { bluetooth } = navigator as { bluetooth?: Bluetooth }
  return {
    isHere: bluetooth !== undefined,
    isDemo: false,
    connect: async (advertisedAs) => {
      if (bluetooth === undefined) throw new RadioTrouble('radio')
      const filters = advertisedAs.map((id) => ({ name: `ZW-${id}`, services: [service] }))
      const device = await bluetooth.requestDevice({ filters }).catch(async (fault: unknown) => {
        // A browser without a working radio fails by the same name as a rider who closes its list.
        const isLeft = fault instanceof DOMException && fault.name === 'NotFoundError'
        if (isLeft && (await bluetooth.getAvailability())) return null
        throw new RadioTrouble('off')
      })
      if (device === null) return null
      // A lock that speaks with a phone refuses the next one.
      const server = await device.gatt.connect().catch(() => {
        throw new RadioTrouble('taken')
      })
      return openLine(device, server).catch(() => {
        device.gatt.disconnect()
        throw new RadioTrouble('gone')
      })
    },
  }
}

async function openLine(device: Device, server: Server): Promise<PhoneLine> {
  const gatt = await server.getPrimaryService(service)
  const [writes, notifies] = [await gatt.getCharacteristic(toLock), await gatt.getCharacteristic(fromLock)]
  const heard: LockFrame[] = []
  let isOpen = true
  let wake: (() => void) | null = null
  const join = createJoiner()
  device.addEventListener('gattserverdisconnected', () => {
    isOpen = false
    wake?.()
  })
  notifies.addEventListener('characteristicvaluechanged', () => {
    const { value } = notifies
    if (!value) return
    const joined = join(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    if (joined === 'broken') device.gatt.disconnect()
    const frame = joined instanceof Uint8Array ? readFrame(new TextDecoder().decode(joined)) : null
    if (frame !== null) heard.push(frame)
    wake?.()
  })
  // Writes the Client Characteristic Configuration descriptor; from now on the lock's challenge may come.
  await notifies.startNotifications()
  return {
    say: async (frame) => {
      const bytes = new TextEncoder().encode(JSON.stringify(frame))
      for (const piece of piecesOf(bytes)) {
        await writes.writeValueWithResponse(piece).catch(() => {
          throw new RadioTrouble('gone')
        })
      }
    },
    next: async (waitMs) => {
      const untilMs = performance.now() + waitMs
      while (heard.length === 0) {
        const leftMs = untilMs - performance.now()
        if (!isOpen || leftMs <= 0) throw new RadioTrouble('gone')
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return heard.shift() as LockFrame
    },
    close: () => device.gatt.disconnect(),
  }
}
