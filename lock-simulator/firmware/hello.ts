import { type Hello, protocolVersion } from '../../contracts/mqtt/reports.ts'
import { capabilitiesOf } from './hardware.ts'
import type { RecordStamp } from './lock-clock.ts'
import type { LockState } from './lock-state.ts'
import { toldPercent } from './power-level.ts'

/** The first message of a connection: who I am, since when, what became of the last commands, what waits to be sent. */
export function helloOf(state: LockState, sid: string, stamp: RecordStamp): Hello {
  const { gate, queue, identity } = state
  return {
    v: protocolVersion,
    b: gate.bootId,
    ...stamp,
    sid,
    fw: identity.firmware,
    hw: identity.hardware,
    rr: state.bootReason,
    ctr: gate.counter,
    res: gate.results.map(({ id, st, rc, u }) => ({ id, st, rc, u })),
    bolt: state.bolt.phase.kind,
    soc: toldPercent(state.power.level, state.battery.percent),
    mode: state.power.mode,
    kv: identity.keyVersion,
    cap: [...capabilitiesOf(identity)],
    cfgv: state.config.kept.cv,
    ...(state.network === null ? {} : { net: state.network }),
    ob: { evt: queue.events.length, tel: queue.backlog.count },
  }
}
