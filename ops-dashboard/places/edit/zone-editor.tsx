import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { ZoneEditResult, ZoneFeature, ZoneKind, ZoneNewest, ZoneSave } from '../../../contracts/http/zones.ts'
import type { Refused } from '../../../ui-kit/api/api-client.ts'
import { cityZone } from '../../../ui-kit/city-zone.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { opsApi } from '../../ops-api.ts'
import { momentInZone } from '../moment-in-zone.ts'
import { tellSaved } from '../saved-note.ts'
import { CheckCard } from './check-card.tsx'
import type { LonLat } from './drawing.ts'
import { ringsOf, vertexOf } from './drawing.ts'
import { EditMap, type MapView } from './edit-map.tsx'
import { EditorHead } from './editor-head.tsx'
import { SaveCard, type When } from './save-card.tsx'
import { ShapeCard } from './shape-card.tsx'
import { useEditKeys } from './use-edit-keys.ts'
import { useZoneCheck } from './use-zone-check.ts'
import { useZoneDraft, type ZoneStart } from './use-zone-draft.ts'
import { ZoneFields } from './zone-form.tsx'
import { featureFrom, isWhole, newForm } from './zone-form-state.ts'

const saveTimeoutMs = 30_000
const none: readonly LonLat[] = []

/** One zone: map, form and list say the same, and each can change it. */
export function ZoneEditor({
  start,
  others,
  onKind,
  onSettled,
}: {
  readonly start: ZoneStart
  /** The zones beside it that hold now. */
  readonly others: readonly ZoneFeature[]
  readonly onKind: (kind: ZoneKind) => void
  /** It was saved, or refused because somebody was faster. */
  readonly onSettled: () => void
}) {
  const { t } = useText()
  const [, go] = useLocation()
  const draft = useZoneDraft(start)
  const { state, act, form, setForm } = draft
  const view = useRef<MapView | null>(null)
  const [when, setWhen] = useState<When>({ isLater: false, at: '' })
  const [tried, setTried] = useState(false)
  const [acceptedOf, setAcceptedOf] = useState<object | null>(null)
  const [snaps, setSnaps] = useState(false)
  const [saving, setSaving] = useState<
    { readonly refused: Refused | null; readonly by: ZoneNewest | null } | 'busy' | null
  >(null)

  const holdsFrom = when.isLater ? momentInZone(when.at, cityZone()) : null
  const isWhenWrong = tried && when.isLater && holdsFrom === null
  const feature = useMemo(() => featureFrom(form, state.drawing), [form, state.drawing])
  const order = useMemo<Omit<ZoneSave, 'dryRun'> | null>(() => {
    if (feature === null || state.held !== null) return null
    return { feature, expectedVersion: draft.version, ...(holdsFrom === null ? {} : { holdsFrom: holdsFrom as never }) }
  }, [feature, state.held, draft.version, holdsFrom])
  const check = useZoneCheck(draft.saveAs, order)
  const problems = useMemo(() => (feature === null ? [] : (check.result?.problems ?? [])), [feature, check.result])
  const neighbours = useMemo(() => (snaps ? others.flatMap(cornersOf) : none), [snaps, others])
  const keys = useEditKeys(act)
  /** Of just this drawing: another one leaves others outside. */
  const accepts = order !== null && acceptedOf === order

  const save = async () => {
    setTried(true)
    if (order === null || !isWhole(form, state.drawing) || (when.isLater && holdsFrom === null)) return
    setSaving('busy')
    const path = `/v1/staff/zones/${draft.saveAs}/versions`
    const answer = await opsApi.send<ZoneEditResult>(path, {
      method: 'POST',
      body: { ...order, dryRun: false, acceptOutside: accepts } satisfies ZoneSave,
      timeoutMs: saveTimeoutMs,
    })
    if (answer.kind === 'refused') {
      const newest =
        answer.code === 'zone_changed' ? await opsApi.get<ZoneNewest>(`/v1/staff/zones/${draft.saveAs}`) : null
      setSaving({ refused: answer, by: newest?.kind === 'ok' ? newest.value : null })
      return
    }
    setSaving(null)
    if (!answer.value.done) return
    draft.drop()
    tellSaved({ name: form.name.trim(), holdsFrom })
    onSettled()
    go(`/places?zone=${draft.saveAs}`)
  }
  const chooseKind = (kind: ZoneKind) => {
    setForm({ ...newForm(kind), name: form.name })
    const isBlank = state.drawing.kind === 'area' && state.drawing.polygons.flat(2).length === 0
    if (kind === 'hotspot' ? isBlank : state.drawing.kind === 'circle') {
      act({ act: 'shape', kind: kind === 'hotspot' ? 'circle' : 'area' })
    }
    onKind(kind)
  }
  const snapNow = () => {
    const from = state.selected === null ? null : vertexOf(state.drawing, state.selected)
    const to = from === null ? null : nearestOf(neighbours, from)
    if (to !== null) act({ act: 'put', at: to })
  }
  const changedBy =
    saving !== null && saving !== 'busy' && saving.by !== null
      ? { who: saving.by.changedBy, atMs: saving.by.changedAt as number }
      : null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: short cuts of the buttons in it
    <div className="zone-editor" onKeyDown={keys}>
      <EditorHead start={start} draft={draft} onSettled={onSettled} />
      <EditMap
        state={state}
        act={act}
        kind={form.kind}
        others={others}
        problems={problems}
        neighbours={neighbours}
        view={view}
      />
      <div className="edit-side">
        <section className="card stack" aria-label={t('zones.what')}>
          <ZoneFields
            form={form}
            isNew={start.zoneId === null}
            showMissing={tried}
            onChange={setForm}
            onKind={chooseKind}
          />
        </section>
        <ShapeCard
          state={state}
          act={act}
          problems={problems}
          mayBeCircle={form.kind === 'hotspot'}
          view={view}
          snap={{ isOn: snaps, set: setSnaps, now: neighbours.length === 0 ? null : snapNow }}
        />
        <CheckCard
          drawing={state.drawing}
          check={check}
          problems={problems}
          onShow={(vertex, at) => {
            if (vertex !== null) act({ act: 'select', vertex: closedVertex(state, vertex) })
            const place = vertex === null ? at : (vertexOf(state.drawing, closedVertex(state, vertex)) ?? at)
            if (place !== null) view.current?.flyTo(place)
          }}
        />
        <SaveCard
          before={start.feature}
          after={feature}
          result={check.result}
          when={when}
          isWhenWrong={isWhenWrong}
          stops={tried ? stopsOf(isWhole(form, state.drawing), check.result, accepts) : null}
          accepts={accepts}
          refused={saving !== null && saving !== 'busy' ? saving.refused : null}
          isBusy={saving === 'busy'}
          changedBy={changedBy}
          onWhen={setWhen}
          onAccept={(yes) => setAcceptedOf(yes ? order : null)}
          onSave={() => void save()}
          onReload={() => {
            draft.drop()
            onSettled()
          }}
        />
      </div>
    </div>
  )
}

function stopsOf(whole: boolean, result: ZoneEditResult | null, accepts: boolean) {
  if (!whole) return 'zones.not_whole'
  if (result === null) return null
  if (result.problems.length > 0) return 'zones.not_sound'
  return result.outside.bikes + result.outside.hotspots > 0 && !accepts ? 'zones.accept_first' : null
}

/** The position that closes a ring is its first corner. */
function closedVertex({ drawing }: ReturnType<typeof useZoneDraft>['state'], at: { ring: number; vertex: number }) {
  const count = ringsOf(drawing)[at.ring]?.corners.length ?? 0
  return count === 0 ? at : { ring: at.ring, vertex: at.vertex % count }
}

function cornersOf({ geometry }: ZoneFeature): readonly LonLat[] {
  switch (geometry.type) {
    case 'Point':
      return []
    case 'Polygon':
      return geometry.coordinates.flat()
    case 'MultiPolygon':
      return geometry.coordinates.flat(2)
  }
}

function nearestOf(corners: readonly LonLat[], [lon, lat]: LonLat): LonLat | null {
  const shrink = Math.cos((lat * Math.PI) / 180)
  const apart = ([x, y]: LonLat) => Math.hypot((x - lon) * shrink, y - lat)
  return corners.reduce<LonLat | null>((best, one) => (best === null || apart(one) < apart(best) ? one : best), null)
}
