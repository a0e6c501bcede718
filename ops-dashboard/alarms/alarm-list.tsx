import { type KeyboardEvent, useRef } from 'react'
import type { AlarmDeed, AlarmView } from '../../contracts/http/alarms.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { AlarmRow } from './alarm-row.tsx'

/** Letters that act on what has the focus or is picked; they count inside the list only. */
const deeds: Readonly<Record<string, AlarmDeed>> = {
  a: { act: 'acknowledge' },
  s: { act: 'snooze', wait: 15 },
  e: { act: 'resolve', how: 'fixed' },
  m: { act: 'assign', to: 'me' },
}

/** The inbox, by mouse and by keyboard: arrows go, x picks, letters act. */
export function AlarmList({
  alarms,
  nowMs,
  hrefOf,
  openId,
  picked,
  mayAct,
  onPick,
  onDeed,
}: {
  readonly alarms: readonly AlarmView[]
  readonly nowMs: number
  readonly hrefOf: (alarmId: string) => string
  readonly openId: string | null
  readonly picked: ReadonlySet<string>
  readonly mayAct: boolean
  readonly onPick: (alarmId: string) => void
  readonly onDeed: (alarms: readonly AlarmView[], deed: AlarmDeed) => void
}) {
  const { t } = useText()
  const list = useRef<HTMLUListElement>(null)
  const links = () => [...(list.current?.querySelectorAll<HTMLAnchorElement>('a[data-alarm]') ?? [])]
  const focusedIn = (event: KeyboardEvent): HTMLAnchorElement | null =>
    (event.target as HTMLElement).closest('li')?.querySelector<HTMLAnchorElement>('a[data-alarm]') ?? null

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const here = focusedIn(event)
    const alarmId = here?.dataset.alarm
    if (here === null || alarmId === undefined) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by !== undefined) {
      const all = links()
      all[Math.max(0, Math.min(all.length - 1, all.indexOf(here) + by))]?.focus()
    } else if (event.key === 'x' && mayAct) onPick(alarmId)
    else {
      const deed = mayAct ? deeds[event.key] : undefined
      if (deed === undefined) return
      const meant = alarms.filter((one) => (picked.size > 0 ? picked.has(one.alarmId) : one.alarmId === alarmId))
      focusAfter(links(), here)
      onDeed(meant, deed)
    }
    event.preventDefault()
  }
  return (
    <ul ref={list} className="alarm-list" aria-label={t('alarms.list')} onKeyDown={press}>
      {alarms.map((alarm) => (
        <AlarmRow
          key={alarm.alarmId}
          alarm={alarm}
          nowMs={nowMs}
          href={hrefOf(alarm.alarmId)}
          isOpen={alarm.alarmId === openId}
          isPicked={picked.has(alarm.alarmId)}
          mayPick={mayAct}
          onPick={() => onPick(alarm.alarmId)}
        />
      ))}
    </ul>
  )
}

/** The row may leave the list: the focus goes to the next one then, and stays where it is otherwise. */
function focusAfter(all: readonly HTMLAnchorElement[], here: HTMLAnchorElement): void {
  const next = all[all.indexOf(here) + 1] ?? all[all.indexOf(here) - 1]
  const watch = new MutationObserver(() => {
    if (here.isConnected) return
    watch.disconnect()
    if (document.activeElement === document.body) next?.focus()
  })
  const list = here.closest('ul')
  if (list) watch.observe(list, { childList: true })
  setTimeout(() => watch.disconnect(), watchFocusMs)
}
const watchFocusMs = 5_000
