import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Link } from 'wouter'
import type { CityStreet, DemoFault, DemoFaultDone, DemoHealed, StreetFault } from '../../contracts/http/demo.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { demoPath } from './demo-path.ts'

const kinds = ['jam', 'dead_zone', 'flat_battery', 'reboot', 'forced', 'theft'] as const satisfies StreetFault[]
const mostBikes = 200
const mostShown = 12

type Told = { readonly kind: 'struck'; readonly fault: StreetFault; readonly numbers: readonly string[] } | Healed
interface Healed {
  readonly kind: 'healed'
  readonly count: number
}

/** Orders something to happen to some bikes or to one, says to which, and takes it back. */
export function FaultPanel({ street, maySteer }: { readonly street: CityStreet; readonly maySteer: boolean }) {
  const { t } = useText()
  const id = useId()
  const queries = useQueryClient()
  const [kind, setKind] = useState<StreetFault>('jam')
  const [bikes, setBikes] = useState('3')
  const [number, setNumber] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [told, setTold] = useState<Told | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)

  const order = async <T,>(path: string, body: DemoFault | undefined, tell: (answer: T) => Told) => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<T>(`${demoPath}${path}`, { method: 'POST', ...(body ? { body } : {}) })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else setTold(tell(answer.value))
    await queries.invalidateQueries({ queryKey: [demoPath] })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const plain = number.replaceAll(' ', '')
    const body = plain === '' ? { kind, bikes: Number(bikes) } : { kind, number: plain }
    void order<DemoFaultDone>('/faults', body, ({ numbers }) => ({ kind: 'struck', fault: kind, numbers }))
  }
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('demo.faults')}</h2>
      <form className="stack" onSubmit={submit}>
        <div className="field">
          <label htmlFor={`${id}-kind`}>{t('demo.fault')}</label>
          <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as StreetFault)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`demo.fault.${one}`)}
              </option>
            ))}
          </select>
          <p className="hint">{t(`demo.fault.${kind}_how`)}</p>
        </div>
        <div className="demo-who">
          <div className="field">
            <label htmlFor={`${id}-bikes`}>{t('demo.bikes')}</label>
            <input
              id={`${id}-bikes`}
              type="number"
              min="1"
              max={mostBikes}
              step="1"
              required
              disabled={number !== ''}
              value={bikes}
              onChange={(event) => setBikes(event.target.value)}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-number`}>{t('demo.number')}</label>
            <input
              id={`${id}-number`}
              inputMode="numeric"
              pattern="[0-9 ]{4,12}"
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
          </div>
        </div>
        <div className="row wrap">
          <button type="submit" className="button main" disabled={isBusy || !maySteer}>
            {t('demo.strike')}
          </button>
          <button
            type="button"
            className="button"
            disabled={isBusy || !maySteer || street.suffering === 0}
            onClick={() =>
              void order<DemoHealed>('/heal', undefined, ({ healed }) => ({ kind: 'healed', count: healed }))
            }
          >
            {t('demo.heal', { count: street.suffering })}
          </button>
        </div>
      </form>
      {refused !== null && <RefusalNotice refused={refused} />}
      <div role="status">{told !== null && <Outcome told={told} />}</div>
    </section>
  )
}

function Outcome({ told }: { readonly told: Told }) {
  const { t } = useText()
  if (told.kind === 'healed') return <p className="notice good">{t('demo.healed', { count: told.count })}</p>
  const { numbers, fault } = told
  if (numbers.length === 0) return <p className="notice warn">{t('demo.nobody')}</p>
  return (
    <p className="notice">
      {t(`demo.fault.${fault}`)}:{' '}
      {numbers.slice(0, mostShown).map((one) => (
        <span key={one}>
          <Link href={`/bikes/${one}`} className="number">
            {formatBikeNumber(one)}
          </Link>{' '}
        </span>
      ))}
      {numbers.length > mostShown && t('demo.more', { count: numbers.length - mostShown })}
    </p>
  )
}
