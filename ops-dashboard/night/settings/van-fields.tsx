import { useText } from '../../../ui-kit/i18n/text.ts'
import { Field, type FormPart, useFaultText } from './fields.tsx'
import { freeId, type VanDraft } from './settings-draft.ts'

const mostVans = 50

/** One row a van: its name, room, shift and depot; a van that stays at home keeps its row. */
export function VanFields(part: FormPart) {
  const { t } = useText()
  const faultText = useFaultText(part)
  const { draft, onChange } = part
  const change = (at: number, van: Partial<VanDraft>) =>
    onChange({ vans: draft.vans.map((one, i) => (i === at ? { ...one, ...van } : one)) })
  const add = () => {
    const like = draft.vans.at(-1)
    const vanId = freeId(
      'van',
      draft.vans.map((van) => van.vanId),
    )
    const fresh = { capacity: '20', depotId: draft.depots[0]?.depotId ?? '', startsAt: '22:00', endsAt: '06:00' }
    onChange({
      vans: [...draft.vans, { ...fresh, ...like, vanId, name: vanId.replace('van-', 'Van '), goesOut: true }],
    })
  }
  return (
    <fieldset className="card stack">
      <legend>{t('night.s.vans')}</legend>
      {draft.vans.map((van, i) => (
        <div key={van.vanId} className="van-row">
          <Field label={t('night.s.name')} wrong={faultText(`vans.${i}.name`) ?? faultText(`vans.${i}`)}>
            {(control) => (
              <input
                {...control}
                maxLength={80}
                value={van.name}
                onChange={(e) => change(i, { name: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.s.capacity')} wrong={faultText(`vans.${i}.capacity`)}>
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={van.capacity}
                onChange={(e) => change(i, { capacity: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.shift_from')} wrong={faultText(`vans.${i}.startsAt`)}>
            {(control) => (
              <input
                {...control}
                type="time"
                value={van.startsAt}
                onChange={(e) => change(i, { startsAt: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.shift_to')} wrong={faultText(`vans.${i}.endsAt`)}>
            {(control) => (
              <input
                {...control}
                type="time"
                value={van.endsAt}
                onChange={(e) => change(i, { endsAt: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.s.depot')} wrong={faultText(`vans.${i}.depotId`)}>
            {(control) => (
              <select {...control} value={van.depotId} onChange={(e) => change(i, { depotId: e.target.value })}>
                {draft.depots.map((depot) => (
                  <option key={depot.depotId} value={depot.depotId}>
                    {depot.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <label className="check">
            <input type="checkbox" checked={van.goesOut} onChange={(e) => change(i, { goesOut: e.target.checked })} />
            {t('night.s.goesOut')}
          </label>
          <button
            type="button"
            className="button quiet"
            disabled={draft.vans.length === 1}
            aria-label={t('night.s.remove', { name: van.name })}
            onClick={() => onChange({ vans: draft.vans.filter((_van, at) => at !== i) })}
          >
            ✕
          </button>
        </div>
      ))}
      <div>
        <button type="button" className="button" disabled={draft.vans.length >= mostVans} onClick={add}>
          {t('night.s.add_van')}
        </button>
      </div>
    </fieldset>
  )
}
