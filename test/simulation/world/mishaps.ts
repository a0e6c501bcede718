import type { Random } from '../../../contracts/random.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { StreetFaults } from '../swarm.ts'
import { commandSteps, countFault, type FaultKind } from './fault-kinds.ts'
import { later, type MishapSettings, recurring } from './recurring.ts'
import { standingMps } from './street.ts'

const fidgetEveryMs = { from: 1_200, to: 2_500 }
const fidgetForMs = { from: 300_000, to: 1_500_000 }
const holeShare = 0.3
const oddKinds = 9
/** Neighbours of a kind are alike; it has no divisor in common with any count of them. */
const turnStride = 7
/** A sag, and the start of the chip after it. */
const sagWithinMs = 5_000

/** What happens to locks on a street. */
export function troubleTheStreet(settings: MishapSettings, locks: readonly Lock[], faults: StreetFaults): void {
  const { clock, notes, isOver } = settings
  const count = (kind: FaultKind) => countFault(notes, kind)
  const trouble = (name: string, every: number | null, act: (lock: Lock, random: Random) => void) =>
    recurring(settings, name, every, (random) => {
      const lock = random.pick(locks)
      notes.trace(`${clock.nowMs()} ${name} ${lock.lockId}`)
      act(lock, random)
    })

  trouble('reboot', faults.rebootEvery, (lock, random) => {
    count('lock reset')
    lock.reboot(random.pick(['watchdog', 'panic', 'power']))
  })
  trouble('power cut', faults.powerCutEvery, (lock, random) =>
    random.chance(0.5) ? cutPower(lock, random.integer(0, 12)) : tearWrite(lock, random.integer(0, 3)),
  )
  trouble('jam', faults.jamEvery, (lock, random) => {
    count('bolt jammed')
    lock.jam(true)
    later(settings, random, [5_000, 300_000], () => lock.jam(false))
  })
  trouble('lever', faults.leverEvery, (lock) => {
    if (lock.whereabouts().speedMps > standingMps) return
    count('lever pushed by a passer-by')
    lock.pushLever()
  })
  trouble('force', faults.forceEvery, (lock) => {
    if (lock.boltPosition() !== 'open') count('bolt forced')
    lock.forceOpen()
  })
  trouble('antenna', faults.antennaEvery, (lock, random) => {
    count('no coverage')
    lock.setAntenna(false)
    later(settings, random, [5_000, 900_000], () => lock.setAntenna(true))
  })
  trouble('sky', faults.skyEvery, (lock, random) => {
    count('sky changed')
    lock.setSky(random.pick(['none', 'street', 'canyon', 'open']))
  })
  trouble('battery', faults.batteryEvery, (lock, random) => {
    count('battery nearly empty')
    lock.setBattery(random.pick([2, 4, 8, 50]))
  })
  recurring(settings, 'hole', faults.holeEvery, (random) => {
    const inside = locks.filter(() => random.chance(holeShare))
    notes.trace(`${clock.nowMs()} hole of ${inside.length}`)
    for (const lock of inside) {
      count('coverage hole')
      lock.setAntenna(false)
    }
    later(settings, random, [30_000, 1_200_000], () => {
      for (const lock of inside) lock.setAntenna(true)
    })
  })
  const oddKind = inTurn(settings.random.split('odd kinds'), oddKinds)
  trouble('odd', faults.oddEvery, (lock, random) => oddThings(settings, lock, random, oddKind()))
  trouble('switch', faults.switchEvery, (lock, random) => {
    const fault = random.pick(['stuck-a', 'stuck-b', 'loose'] as const)
    count(fault === 'loose' ? 'switch loose' : 'switch stuck')
    notes.badSwitches.add(lock.lockId)
    lock.setSwitches(fault)
    later(settings, random, [5_000, 300_000], () => lock.setSwitches(null))
  })
  trouble('fidget', faults.fidgetEvery, (lock, random) => fidget(lock, random))
  const frozen = new Set<Lock>()
  trouble('frost', faults.brownOutEvery, (lock, random) => {
    frozen.add(lock)
    lock.setTemperature(-20)
    lock.setBattery(random.integer(15, 45))
    later(settings, random, [60_000, 900_000], () => {
      frozen.delete(lock)
      lock.setTemperature(null)
      lock.setBattery(80)
    })
  })
  // Nobody resets it: the first turn of the motor draws more than the cell can give, within some tens of milliseconds.
  for (const lock of locks) {
    lock.onActuation(() => {
      if (!frozen.has(lock) || isOver()) return
      const { resets } = lock.truth()
      clock.schedule(clock.nowMs() + sagWithinMs, () => {
        if (lock.truth().resets > resets || lock.truth().mode === 'off') count('battery gave in under the motor')
      })
    })
  }
  onCommands(locks, faults, settings)
  onAttempts(locks, faults, settings)

  function cutPower(lock: Lock, afterEffects: number): void {
    lock.armPowerCut({ afterEffects, torn: false, onCut: () => count('power cut') })
  }

  function tearWrite(lock: Lock, afterEffects: number): void {
    lock.armPowerCut({ afterEffects, torn: true, only: 'nvm-write', onCut: () => count('flash write torn') })
  }

  /** More events than their lane holds, and nobody to tell them to. */
  function fidget(lock: Lock, random: Random): void {
    const untilMs = clock.nowMs() + random.integer(fidgetForMs.from, fidgetForMs.to)
    lock.setAntenna(false)
    count('lever played with')
    const next = (): void => {
      if (isOver() || clock.nowMs() > untilMs) {
        lock.setAntenna(true)
        return
      }
      if (lock.boltPosition() === 'closed') lock.forceOpen()
      else if (lock.whereabouts().speedMps <= standingMps) lock.pushLever()
      clock.schedule(clock.nowMs() + random.integer(fidgetEveryMs.from, fidgetEveryMs.to), next)
    }
    next()
  }
}

/** 0 to `count` - 1 again and again from somewhere on, so that no run has much of one and nothing of the next. */
function inTurn(random: Random, count: number): () => number {
  let next = random.integer(0, count - 1)
  return () => {
    next = (next + turnStride) % count
    return next
  }
}

/** What the field does to electronics: clocks, satellites, subscriptions and people's hands. */
function oddThings(settings: MishapSettings, lock: Lock, random: Random, kind: number): void {
  const { notes } = settings
  const count = (kind: FaultKind) => countFault(notes, kind)
  const soon = [10_000, 600_000] as const
  switch (kind) {
    case 0:
      count('lock hung')
      lock.hang()
      break
    case 1:
      count('lock panicked')
      lock.panic()
      break
    case 2:
      count('clock battery wrong')
      lock.setRtc(random.pick([null, -86_400_000, 86_400_000]))
      lock.reboot('power')
      break
    case 3:
      count('false sky')
      lock.spoofGnss({ eastM: random.integer(-9_000, 9_000), northM: random.integer(-9_000, 9_000) })
      later(settings, random, soon, () => lock.spoofGnss(null))
      break
    case 4:
      count('satellites jammed')
      lock.jamGnss(true)
      later(settings, random, soon, () => lock.jamGnss(false))
      break
    case 5:
      count('SIM refused')
      lock.refuseSim(true)
      later(settings, random, soon, () => lock.refuseSim(false))
      break
    case 6:
      count('shaken or tipped over')
      lock.shake(random.integer(1, 4))
      lock.tipOver()
      later(settings, random, soon, () => lock.standUp())
      break
    case 7:
      count('shell opened')
      lock.openShell(true)
      later(settings, random, soon, () => lock.openShell(false))
      break
    default:
      count('freezing cold')
      lock.setTemperature(-25)
      later(settings, random, soon, () => lock.setTemperature(null))
      break
  }
}

/** A reset at one of the steps that follow a command's arrival: written down, acknowledged, motor, written, said. */
function onCommands(locks: readonly Lock[], faults: StreetFaults, settings: MishapSettings): void {
  const { notes, isOver } = settings
  let isDue = false
  recurring(settings, 'reset at command', faults.commandResetEvery, () => {
    isDue = true
  })
  if (faults.commandResetEvery === null) return
  const random = settings.random.split('command steps')
  const nextStep = inTurn(random, commandSteps)
  for (const lock of locks) {
    lock.onMessage(({ direction, channel }) => {
      if (!isDue || direction !== 'down' || channel !== 'cmd' || isOver()) return
      isDue = false
      const step = nextStep()
      lock.armPowerCut({
        afterEffects: step,
        torn: random.chance(0.5),
        onCut: () => countFault(notes, `reset at command step ${step}`),
      })
    })
  }
}

/** A spoke in the way at an attempt of the motor. */
function onAttempts(locks: readonly Lock[], faults: StreetFaults, settings: MishapSettings): void {
  const { notes, isOver } = settings
  const due = { jam: 0 }
  recurring(settings, 'jam at attempt', faults.actuationJamEvery, (random) => {
    due.jam = random.integer(1, 6)
  })
  if (faults.actuationJamEvery === null) return
  const random = settings.random.split('attempts')
  for (const lock of locks) {
    lock.onActuation(() => {
      if (isOver()) return
      if (due.jam > 0) {
        due.jam -= 1
        if (due.jam === 0) {
          countFault(notes, 'bolt jammed at an attempt')
          lock.jam(true)
          later(settings, random, [500, 60_000], () => lock.jam(false))
        }
      }
    })
  }
}
