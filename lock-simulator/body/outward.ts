import type { PhoneRadio } from '../radio/phone-radio.ts'
import type { Radio } from '../radio/radio.ts'
import type { BoltMechanics } from './bolt-mechanics.ts'
import type { OutwardEffect } from './chip.ts'
import type { Link } from './link.ts'
import type { Actuation } from './lock.ts'
import type { PowerSupply } from './power-supply.ts'
import type { Receiver } from './receiver.ts'

export interface OutwardParts {
  readonly link: Link
  readonly radio: Radio
  readonly supply: PowerSupply
  readonly receiver: Receiver
  readonly bolt: BoltMechanics
  /** Null: no phone has ever come near. */
  phones(): PhoneRadio | null
  actuated(actuation: Omit<Actuation, 'bootId' | 'uptimeMs' | 'atMs'>): void
  checkParts(): void
}

/** Carries out what the chip asks of the parts around it. */
export function performOn(parts: OutwardParts, effect: OutwardEffect): void {
  const { link, radio, supply, receiver, bolt } = parts
  switch (effect.kind) {
    case 'publish':
      supply.transmit()
      link.publish(effect)
      break
    case 'motor':
      if (effect.drive !== 'stop') {
        supply.turnMotor()
        const { drive, commandId, attempt } = effect
        parts.actuated({ drive, commandId, attempt })
      }
      bolt.motor(effect.drive)
      break
    case 'ble-send':
      parts.phones()?.send(effect.bytes)
      break
    case 'ble-close':
      parts.phones()?.hangUp()
      break
    case 'close-connection':
      radio.closeConnection()
      break
    case 'check-parts':
      parts.checkParts()
      break
    case 'locate':
      receiver.fixNow()
      break
    case 'gnss':
      supply.setReceiver(effect.everyMs)
      receiver.setEvery(effect.everyMs)
      break
    case 'modem':
      supply.setModem(effect.isOn)
      link.switchModem(effect.isOn)
      break
    case 'reconnect-spread':
      radio.setReconnectSpread(effect.seconds)
      break
    case 'beep':
      break
  }
}
