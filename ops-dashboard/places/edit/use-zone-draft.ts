import { useEffect, useMemo, useReducer, useState } from 'react'
import type { ZoneFeature, ZoneKind } from '../../../contracts/http/zones.ts'
import { dropDraft, keepDraft, keptDraft, type ZoneDraft } from './draft-store.ts'
import { drawingOf, emptyArea, emptyCircle } from './drawing.ts'
import { edited, startEditing } from './edit-state.ts'
import { formOf, newForm, type ZoneForm } from './zone-form-state.ts'

export interface ZoneStart {
  /** Null: a new zone. */
  readonly zoneId: string | null
  readonly feature: ZoneFeature | null
  readonly version: number
  readonly kind: ZoneKind
}

function draftOf({ zoneId, feature, version, kind }: ZoneStart): ZoneDraft {
  if (feature !== null)
    return { ...{ zoneId, version, saveAs: zoneId ?? '' }, form: formOf(feature), drawing: drawingOf(feature) }
  return {
    ...{ zoneId, version, saveAs: crypto.randomUUID() },
    form: newForm(kind),
    drawing: kind === 'hotspot' ? emptyCircle : emptyArea,
  }
}

/** Form and drawing of one zone. What is not saved stays in the tab's storage, also over a reload. */
export function useZoneDraft(start: ZoneStart) {
  const [{ draft, isKept }] = useState(() => {
    const kept = keptDraft(sessionStorage, start.zoneId)
    return { draft: kept ?? draftOf(start), isKept: kept !== null }
  })
  const [original] = useState(() => draftOf(start))
  const [state, act] = useReducer(edited, draft.drawing, startEditing)
  const [form, setForm] = useState<ZoneForm>(draft.form)
  const isChanged = useMemo(
    () => JSON.stringify([form, state.drawing]) !== JSON.stringify([original.form, original.drawing]),
    [form, state.drawing, original],
  )
  const { zoneId } = start
  useEffect(() => {
    if (state.held !== null) return
    if (isChanged) keepDraft(sessionStorage, { ...draft, form, drawing: state.drawing })
    else dropDraft(sessionStorage, zoneId)
  }, [draft, form, state.drawing, state.held, isChanged, zoneId])
  useEffect(() => {
    if (!isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isChanged])
  return {
    state,
    act,
    form,
    setForm,
    isChanged,
    /** The drawing is one that was left unsaved. */
    isKept,
    saveAs: draft.saveAs,
    /** The version that the drawing began with: older than the newest one, when somebody was faster. */
    version: draft.version,
    drop: () => dropDraft(sessionStorage, zoneId),
  }
}
