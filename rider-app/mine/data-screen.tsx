import type { Me } from '../../contracts/http/riders.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { CopyCard } from './copy-card.tsx'
import { DeleteCard } from './delete-card.tsx'

/** Each class of data with its time, as server/retention.ts has them. */
const kept = ['address', 'rides', 'way', 'money', 'reports', 'reservations', 'devices'] as const

export function DataScreen({ me }: { readonly me: Me }) {
  const { t } = useText()
  return (
    <>
      <h1>{t('mine.data')}</h1>
      <CopyCard addressHint={me.addressHint} />
      <section className="card stack" aria-labelledby="kept-title">
        <h2 id="kept-title">{t('data.kept')}</h2>
        <dl className="kept">
          {kept.map((name) => (
            <div key={name}>
              <dt>{t(`data.kept.${name}`)}</dt>
              <dd>{t(`data.kept.${name}_for`)}</dd>
            </div>
          ))}
        </dl>
        <p className="small">{t('data.not_kept')}</p>
      </section>
      <DeleteCard addressHint={me.addressHint} />
    </>
  )
}
