import { useText } from '../ui-kit/i18n/text.ts'
import { useNight } from './night/use-night.ts'
import { stopAtHand } from './route/stop-at-hand.ts'

export function LogInAgain() {
  const { t } = useText()
  return (
    <p className="notice warn" role="alert">
      {t('crew.log_in_again')}
    </p>
  )
}

export function OtherCrew() {
  const { t } = useText()
  return (
    <p className="notice warn" role="alert">
      {t('crew.other_crew')}
    </p>
  )
}

/** The server planned the rest anew. Nothing on the screen has moved until the crew has read it. */
export function NewPlan() {
  const { t } = useText()
  const { now, seePlan } = useNight()
  if (now.replanned === null || now.route === null) return null
  const { gone } = now.replanned
  const next = stopAtHand(now.route, now.facts.shownStopId ?? null)
  return (
    <section className="notice warn new-plan" role="alert">
      <h2>{t('crew.plan.title')}</h2>
      {gone !== null && <p>{t('crew.plan.gone', { name: gone.name })}</p>}
      {gone !== null && now.route.load.length > 0 && <p>{t('crew.plan.load_stays')}</p>}
      {gone === null && next !== null && <p>{t('crew.plan.stays', { name: next.name })}</p>}
      <button type="button" className="button main wide" onClick={() => void seePlan()}>
        {gone !== null && next !== null ? t('crew.plan.go', { name: next.name }) : t('crew.ok')}
      </button>
    </section>
  )
}
