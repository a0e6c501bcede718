import type { GateOptions } from '../../lock-simulator/firmware/command-gate.ts'
import type { Database } from '../../server/platform/database.ts'
import type { UplinkSink } from '../../server/platform/broker.ts'
import type { Rooms } from '../../server/rooms.ts'
import type { StatementWatch } from './world/mortal-database.ts'

/** A bug that is put into the running system on purpose: a checker that does not see it is worth nothing. */
export interface Plant {
  readonly gateOptions: GateOptions
  /** Once, before the run. */
  prepare(db: Database): Promise<void>
  /** After the run: the database is used again. */
  restore(db: Database): Promise<void>
  /** After each start of the server. */
  alter(rooms: Rooms): void
  watch(db: Database): StatementWatch
  sink(sink: UplinkSink): UplinkSink
}

/** Nothing is planted. */
export const sound: Plant = {
  gateOptions: {},
  prepare: async () => undefined,
  restore: async () => undefined,
  alter: () => undefined,
  watch: () => () => null,
  sink: (sink) => sink,
}
