import type { TimelineItem } from '../../contracts/http/bike-page.ts'
import type { TimelineKind } from '../../contracts/live/timeline-kinds.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { timelineDetails } from './timeline-details.ts'
import { type Spoken, textIn, wordsOf } from './words.ts'

/** What a timeline says of its items, in the reader's language. */
export function useTimelineWords() {
  const spoken = useText()
  const { ofCode } = spoken
  return {
    title: (item: TimelineItem): string => titles[item.kind](spoken, item),
    details: (item: TimelineItem): string => timelineDetails(spoken, item),
    stepName: (kind: TimelineKind, state: string): string =>
      kind === 'command'
        ? ofCode(`bikes.state.${state}`, 'bikes.other')
        : ofCode(`bikes.act.${state}`, 'bikes.act.other'),
  }
}

type Say = (spoken: Spoken, item: TimelineItem) => string

const titles: Readonly<Record<TimelineKind, Say>> = {
  message: (spoken, { title, facts }) => {
    const { code, join } = wordsOf(spoken, facts)
    const to = textIn(facts, 'to')
    const bolt = to === null ? null : spoken.ofCode(`ops.bolt.${to}`, 'ops.bolt.unknown')
    const what = bolt ?? code('lock_alarm', 'alarm') ?? code('level', 'level')
    const isEnd = textIn(facts, 'alarm')?.endsWith('_end') === true
    return join(spoken.ofCode(`bikes.msg.${title}${isEnd ? '_end' : ''}`, 'bikes.msg.other'), what)
  },
  telemetry: ({ t }, { facts }) => t('bikes.tel', { count: Number(facts.count ?? 0) }),
  command: ({ ofCode }, { title, facts }) =>
    `${ofCode(`bikes.op.${title}`, 'bikes.other')}: ${ofCode(`bikes.state.${facts.state}`, 'bikes.other')}`,
  trip: ({ ofCode }, { title }) => ofCode(`ops.trip.${title}`, 'bikes.other'),
  alarm: ({ ofCode }, { title }) => ofCode(`alarm.${title}`, 'alarm.other'),
  task: ({ t }, { facts }) => textIn(facts, 'name') ?? t('bikes.kind.task'),
  report: ({ ofCode }, { title }) => ofCode(`bikes.report.${title}`, 'bikes.other'),
  note: ({ t }, { title, facts }) =>
    title === 'deleted' ? t('bikes.note_deleted', { name: textIn(facts, 'deletedBy') ?? '' }) : '',
  service: (spoken, { title, facts }) => {
    const { code, join } = wordsOf(spoken, facts)
    return join(spoken.ofCode(`bikes.service.${title}`, 'bikes.other'), code('reason', 'reason'))
  },
  move: ({ ofCode }, { title }) => ofCode(`bikes.move.${title}`, 'bikes.other'),
}
