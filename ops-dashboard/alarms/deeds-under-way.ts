import type { AlarmDeed } from '../../contracts/http/alarms.ts'

/** What became of a deed on one alarm or many. */
export interface DeedDone {
  readonly deed: AlarmDeed
  readonly done: readonly string[]
  readonly refused: ReadonlyArray<{ readonly code: string; readonly by: string | null }>
}

/** One deed at a time for each alarm: a second press would meet a version that the first one has changed. */
export function createDeedsUnderWay() {
  const busy = new Set<string>()
  return {
    /** Takes those that are free. @returns what may be acted on; empty: nothing */
    begin: (alarmIds: readonly string[]): readonly string[] => {
      const free = alarmIds.filter((alarmId) => !busy.has(alarmId))
      for (const alarmId of free) busy.add(alarmId)
      return free
    },
    end: (alarmIds: readonly string[]): void => {
      for (const alarmId of alarmIds) busy.delete(alarmId)
    },
  }
}

/** What is shown after an undo: the deed with its way back again when no word of the undo came through. */
export function afterUndo(before: DeedDone, undone: DeedDone): DeedDone {
  const wasHeard = undone.done.length > 0 || undone.refused.some(({ by }) => by !== null)
  return wasHeard ? undone : { ...before, refused: undone.refused }
}
