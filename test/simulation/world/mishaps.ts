import type { Random } from '../../../contracts/random.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { ServerFaults, StreetFaults } from '../swarm.ts'
import type { Notes } from './notes.ts'
import type { Server } from './server.ts'

interface MishapSettings {
  readonly clock: VirtualClock
  readonly random: Random
  readonly notes: Notes
  readonly isOver: () => boolean
}

/** Does `act` again and again, `everyMinutes` apart on average, until the world is healed. */
function recurring(settings: MishapSettings, name: string, everyMinutes: number | null, act: (random: Random) => void) {
  if (everyMinutes === null) return
  const { clock, notes, isOver } = settings
  const random = settings.random.split(name)
  const next = (): void => {
    clock.schedule(clock.nowMs() + random.integer(1_000, everyMinutes * 120_000), () => {
      if (isOver()) return
      notes.count(name)
      act(random)
      next()
    })
  }
  next()
}

/** What happens to locks on a street. */
export function troubleTheStreet(settings: MishapSettings, locks: readonly Lock[], faults: StreetFaults): void {
  const { clock, notes, isOver } = settings
  const trouble = (name: string, every: number | null, act: (lock: Lock, random: Random) => void) =>
    recurring(settings, name, every, (random) => {
      const lock = random.pick(locks)
      notes.trace(`${clock.nowMs()} ${name} ${lock.lockId}`)
      act(lock, random)
    })
  const later = (random: Random, fromMs: number, toMs: number, act: () => void) =>
    clock.schedule(clock.nowMs() + random.integer(fromMs, toMs), () => {
      if (!isOver()) act()
    })

  trouble('reboot', faults.rebootEvery, (lock, random) => lock.reboot(random.pick(['watchdog', 'panic', 'power'])))
  trouble('power cut', faults.powerCutEvery, (lock, random) =>
    lock.armPowerCut({ afterEffects: random.integer(0, 12), torn: random.chance(0.5) }),
  )
  trouble('jam', faults.jamEvery, (lock, random) => {
    lock.jam(true)
    later(random, 5_000, 300_000, () => lock.jam(false))
  })
  trouble('lever', faults.leverEvery, (lock) => lock.pushLever())
  trouble('force', faults.forceEvery, (lock) => lock.forceOpen())
  trouble('antenna', faults.antennaEvery, (lock, random) => {
    lock.setAntenna(false)
    later(random, 5_000, 900_000, () => lock.setAntenna(true))
  })
  trouble('sky', faults.skyEvery, (lock, random) => lock.setSky(random.pick(['none', 'street', 'canyon', 'open'])))
  trouble('battery', faults.batteryEvery, (lock, random) => lock.setBattery(random.pick([2, 4, 8, 50])))
}

/** What happens to the server's process: it is killed, and somebody starts it again. */
export function troubleTheServer(settings: MishapSettings, server: Server, faults: ServerFaults): void {
  recurring(settings, 'server kill', faults.crashEvery, (random) => {
    if (faults.crashesAtStatements && random.chance(0.8)) server.killAtStatement(random.integer(1, 40))
    else server.kill()
  })
}
