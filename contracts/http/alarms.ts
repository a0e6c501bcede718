import { Type } from 'typebox'
import { alarmKinds, alarmSeverities, alarmStates } from '../live/alarm-kinds.ts'

/** The lists of contracts/live/alarm-kinds.ts, as schemas. */
export const AlarmKind = Type.Enum([...alarmKinds])
export const AlarmSeverity = Type.Enum([...alarmSeverities])
export const AlarmState = Type.Enum([...alarmStates])
