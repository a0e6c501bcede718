import type { Random } from '../../contracts/random.ts'
import { guardAtRest } from '../firmware/guard-state.ts'
import type { Chip } from './chip.ts'
import { createImu } from './imu.ts'
import type { Lock } from './lock.ts'
import type { Schedule } from './schedule.ts'

/** What hands do to the case around the chip. */
export interface Hull {
  readonly acts: Pick<Lock, 'shake' | 'tipOver' | 'standUp' | 'openShell' | 'cutCable'>
  carry(speedMps: number): void
  /** What may have changed while the chip had no power. Well as it mostly is, there is nothing to tell. */
  tell(): void
  stop(): void
}

export function createHull(settings: {
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly chip: () => Pick<Chip, 'state' | 'feed'>
  /** The accelerometer answers. */
  readonly hasImu: () => boolean
}): Hull {
  const { chip, hasImu, ...rest } = settings
  let [isShellOpen, isCableCut] = [false, false]
  const imu = createImu({
    ...rest,
    watch: () => (hasImu() && chip().state.isOn ? chip().state.guard.phase : 'off'),
    onMotion: (peakMg, tiltDeg) => {
      if (hasImu()) chip().feed({ kind: 'motion', peakMg, tiltDeg })
    },
  })
  return {
    acts: {
      shake: imu.shake,
      tipOver: () => imu.tip(true),
      standUp: () => imu.tip(false),
      openShell: (isOpen) => {
        isShellOpen = isOpen
        chip().feed({ kind: 'shell', isOpen })
      },
      cutCable: (isCut) => {
        isCableCut = isCut
        chip().feed({ kind: 'cable', isConnected: !isCut })
      },
    },
    carry: imu.carry,
    tell: () => {
      if (!isShellOpen && !isCableCut && !imu.isLying() && chip().state.guard === guardAtRest) return
      chip().feed({ kind: 'shell', isOpen: isShellOpen })
      chip().feed({ kind: 'cable', isConnected: !isCableCut })
      imu.tell()
    },
    stop: imu.stop,
  }
}
