import { Link } from 'wouter'
import type { StaffAppeal } from '../../contracts/http/appeals.ts'
import { formatAge, formatBikeNumber, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** From here on an answer is pressing. */
const soonMs = 12 * 3_600_000

/** One appeal of the list: what it asks for, and how long there is to answer, or what was answered. */
export function AppealRow({
  appeal,
  nowMs,
  href,
  isShown,
}: {
  readonly appeal: StaffAppeal
  readonly nowMs: number
  readonly href: string
  readonly isShown: boolean
}) {
  const { t, tag } = useText()
  const { about, text, bikeNumber, photoIds, disputedMinor, currency, state } = appeal
  return (
    <li className={isShown ? 'shown' : undefined}>
      <Link href={href} className="appeal-link" aria-current={isShown ? 'true' : undefined}>
        <span className="appeal-what">
          <strong>{t(`appeals.desk.about.${about}`)}</strong>
          <span className="small soft">
            {t('appeals.desk.bike', { number: formatBikeNumber(bikeNumber) })}
            {photoIds.length > 0 && ` · ${t('appeals.desk.photos', { count: photoIds.length })}`}
          </span>
          {text !== '' && <span className="small appeal-words">{text}</span>}
        </span>
        <span className="number appeal-asks">{formatMoney(tag, disputedMinor, currency)}</span>
        <span className="small appeal-when">
          {state === 'open' ? <TimeLeft appeal={appeal} nowMs={nowMs} /> : <Decided appeal={appeal} nowMs={nowMs} />}
        </span>
      </Link>
    </li>
  )
}

export function TimeLeft({ appeal, nowMs }: { readonly appeal: StaffAppeal; readonly nowMs: number }) {
  const { t, tag } = useText()
  const leftMs = appeal.decideBy - nowMs
  if (leftMs <= 0) return <span className="badge warn">{t('appeals.desk.over')}</span>
  const words = t('appeals.desk.left', { age: formatAge(tag, leftMs) })
  return <span className={leftMs < soonMs ? 'badge warn' : 'badge'}>{words}</span>
}

function Decided({ appeal, nowMs }: { readonly appeal: StaffAppeal; readonly nowMs: number }) {
  const { t, tag } = useText()
  const { state, decidedBy, bySystem, decidedAt } = appeal
  const by = bySystem
    ? t('appeals.desk.by_system')
    : decidedBy === null
      ? t('appeals.desk.by_rider')
      : t('appeals.desk.by', { name: decidedBy })
  return (
    <>
      <span className="badge">{t(`appeals.desk.state.${state}`)}</span>
      <span className="soft">
        {by} · {formatAge(tag, nowMs - (decidedAt ?? nowMs))}
      </span>
    </>
  )
}
