import type { LockHealth } from '../../contracts/http/bike-page.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const parts = ['bolt', 'gnss', 'modem', 'imu', 'flash', 'batt'] as const

/** What the lock found when it last looked at its own parts. */
export function SelfTestCard({ health }: { readonly health: LockHealth }) {
  const { t, tag } = useText()
  const { selfTest } = health
  return (
    <section className="card stack" aria-labelledby="bike-self">
      <h2 id="bike-self">{t('bikes.self.title')}</h2>
      {selfTest === null ? (
        <p className="soft">{t('bikes.self.never')}</p>
      ) : (
        <>
          <ul className="self-parts plain">
            {parts.map((part) => (
              <li key={part} className={selfTest[part] ? 'well' : 'broken'}>
                <span aria-hidden="true">{selfTest[part] ? '✓' : '!'}</span> {t(`bikes.self.${part}`)}
                <span className={selfTest[part] ? 'visually-hidden' : ''}>
                  {': '}
                  {t(selfTest[part] ? 'bikes.self.is_well' : 'bikes.self.is_broken')}
                </span>
              </li>
            ))}
          </ul>
          <p className="small soft number">
            {formatDay(tag, selfTest.at)}, {formatClock(tag, selfTest.at)}
          </p>
        </>
      )}
    </section>
  )
}
