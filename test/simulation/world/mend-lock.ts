import type { Lock } from '../../../lock-simulator/body/lock.ts'

const chargedPercent = 80

/** Takes back everything that a street does to locks, also what was laid and has not struck yet. */
export function mendLock(lock: Lock): void {
  lock.armPowerCut(null)
  lock.jam(false)
  lock.setSwitches(null)
  lock.setAntenna(true)
  lock.setSky('street')
  lock.spoofGnss(null)
  lock.jamGnss(false)
  lock.refuseSim(false)
  lock.standUp()
  lock.openShell(false)
  lock.setTemperature(null)
  lock.setRtc(0)
  lock.setBattery(chargedPercent)
}
