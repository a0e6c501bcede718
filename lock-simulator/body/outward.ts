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
  readonly phones: PhoneRadio
  readonly onActuation: (actuation: Omit<Actuation, 'bootId' | 'uptimeMs' | 'atMs'>) => void
  readonly checkParts: () => void
}

/** Carries out what the chip asks of the parts around it. */
export function performOn({ link, radio, supply, receiver, bolt, phones, onActuation, checkParts }: OutwardParts) {
  return (effect: OutwardEffect): void => {
    switch (effect.kind) {
      case 'publish':
        supply.transmit()
        link.publish(effect)
        break
      case 'motor':
        if (effect.drive !== 'stop') {
          supply.turnMotor()
          const { drive, commandId, attempt } = effect
          onActuation({ drive, commandId, attempt })
        }
        bolt.motor(effect.drive)
        break
      case 'ble-send':
        phones.send(effect.bytes)
        break
      case 'ble-close':
        phones.hangUp()
        break
      case 'close-connection':
        radio.closeConnection()
        break
      case 'check-parts':
        checkParts()
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
}
