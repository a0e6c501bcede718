import { useRef, useState } from 'react'
import type { AlarmDeed, AlarmView } from '../../contracts/http/alarms.ts'
import { afterUndo, createDeedsUnderWay, type DeedDone } from './deeds-under-way.ts'
import { useAlarmDeeds } from './use-alarms.ts'

/** Does something to alarms. True: it was done to all of them; what a person typed for it can go. */
export type OnDeed = (alarms: readonly AlarmView[], deed: AlarmDeed) => Promise<boolean>

/** A deed with the alarms as they were before it. */
interface Outcome {
  readonly result: DeedDone
  readonly before: readonly AlarmView[]
}

/** What is picked and what was done, over the alarms that are listed. */
export function useInbox(alarms: readonly AlarmView[]) {
  const perform = useAlarmDeeds()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const underWay = useRef<ReturnType<typeof createDeedsUnderWay> | null>(null)
  underWay.current ??= createDeedsUnderWay()
  const deeds = underWay.current

  /** Null: each of them is acted on already. */
  const once = async (meant: readonly AlarmView[], deed: AlarmDeed): Promise<Outcome | null> => {
    const free = deeds.begin(meant.map(({ alarmId }) => alarmId))
    if (free.length === 0) return null
    try {
      const before = meant.filter(({ alarmId }) => free.includes(alarmId))
      return { result: await perform(before, deed), before }
    } finally {
      deeds.end(free)
    }
  }
  const act: OnDeed = async (meant, deed) => {
    const became = await once(meant, deed)
    if (became === null) return false
    setOutcome(became)
    const done = new Set(became.result.done)
    setPicked((now) => new Set([...now].filter((alarmId) => !done.has(alarmId))))
    return became.result.refused.length === 0
  }
  return {
    alarms,
    picked,
    result: outcome?.result ?? null,
    // What has left the list is not acted on.
    pickedAlarms: alarms.filter(({ alarmId }) => picked.has(alarmId)),
    perform: act,
    pick: (alarmId: string) =>
      setPicked(
        (before) => new Set(before.has(alarmId) ? [...before].filter((id) => id !== alarmId) : [...before, alarmId]),
      ),
    pickNone: () => setPicked(new Set()),
    /** The version that the deed itself made: what anybody did since stays. */
    undo: async () => {
      if (outcome === null) return
      const done = new Set(outcome.result.done)
      const back = outcome.before.filter(({ alarmId }) => done.has(alarmId))
      const undone = await once(
        back.map((alarm) => ({ ...alarm, version: alarm.version + 1 })),
        { act: 'reopen' },
      )
      if (undone !== null) setOutcome({ result: afterUndo(outcome.result, undone.result), before: outcome.before })
    },
  }
}
