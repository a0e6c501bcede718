import { useText } from '../../../ui-kit/i18n/text.ts'
import { Field, type FormPart, useFaultText } from './fields.tsx'
import { type DepotDraft, freeId } from './settings-draft.ts'

const mostDepots = 20

/** Where vans start and end; a workshop takes broken bikes. A depot that has vans cannot be removed. */
export function DepotFields(part: FormPart) {
  const { t } = useText()
  const faultText = useFaultText(part)
  const { draft, onChange } = part
  const change = (at: number, depot: Partial<DepotDraft>) =>
    onChange({ depots: draft.depots.map((one, i) => (i === at ? { ...one, ...depot } : one)) })
  const add = () => {
    const depotId = freeId(
      'depot',
      draft.depots.map((depot) => depot.depotId),
    )
    onChange({ depots: [...draft.depots, { depotId, name: '', lon: '', lat: '', isWorkshop: false }] })
  }
  return (
    <fieldset className="card stack">
      <legend>{t('night.s.depots')}</legend>
      {draft.depots.map((depot, i) => (
        <div key={depot.depotId} className="van-row depot-row">
          <Field label={t('night.s.name')} wrong={faultText(`depots.${i}.name`) ?? faultText(`depots.${i}`)}>
            {(control) => (
              <input
                {...control}
                maxLength={80}
                value={depot.name}
                onChange={(e) => change(i, { name: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.s.lat')} wrong={faultText(`depots.${i}.lat`)}>
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                value={depot.lat}
                onChange={(e) => change(i, { lat: e.target.value })}
              />
            )}
          </Field>
          <Field label={t('night.s.lon')} wrong={faultText(`depots.${i}.lon`)}>
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                value={depot.lon}
                onChange={(e) => change(i, { lon: e.target.value })}
              />
            )}
          </Field>
          <label className="check">
            <input
              type="checkbox"
              checked={depot.isWorkshop}
              onChange={(e) => change(i, { isWorkshop: e.target.checked })}
            />
            {t('night.s.isWorkshop')}
          </label>
          <button
            type="button"
            className="button quiet"
            disabled={draft.depots.length === 1 || draft.vans.some((van) => van.depotId === depot.depotId)}
            aria-label={t('night.s.remove', { name: depot.name })}
            onClick={() => onChange({ depots: draft.depots.filter((_depot, at) => at !== i) })}
          >
            ✕
          </button>
        </div>
      ))}
      <div>
        <button type="button" className="button" disabled={draft.depots.length >= mostDepots} onClick={add}>
          {t('night.s.add_depot')}
        </button>
      </div>
    </fieldset>
  )
}
