import '../places.css'
import './zone-edit.css'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ZoneCollection, ZoneKind, ZoneNewest } from '../../../contracts/http/zones.ts'
import type { Refused } from '../../../ui-kit/api/api-client.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../../ui-kit/notices.tsx'
import { PageFrame } from '../../frame/page-frame.tsx'
import { mayI, useMe } from '../../frame/use-me.ts'
import { refusedOf, useAsked } from '../../use-asked.ts'
import { zoneKinds } from '../zone-kinds.ts'
import { ZoneEditor } from './zone-editor.tsx'

const collectionPath = '/v1/staff/zones'

/** /places/edit/new?kind= and /places/edit/:zoneId */
export function ZoneEditorPage({
  zoneId,
  onRefused,
}: {
  readonly zoneId: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const [search, setSearch] = useSearchParams()
  /** Counts how often the page begins anew: with another kind, without a draft, with what somebody else saved. */
  const [round, setRound] = useState(0)
  const isNew = zoneId === 'new'
  const ownPath = isNew ? null : `${collectionPath}/${zoneId}`
  const all = useAsked<ZoneCollection>(collectionPath, onRefused)
  const newest = useAsked<ZoneNewest>(ownPath, onRefused)
  const others = useMemo(
    () => (all.data?.features ?? []).filter(({ properties }) => properties.zoneId !== zoneId),
    [all.data, zoneId],
  )
  const kind = kindOf(search.get('kind'))
  const again = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: [collectionPath] }),
      ...(ownPath === null ? [] : [queries.invalidateQueries({ queryKey: [ownPath] })]),
    ])
    setRound((before) => before + 1)
  }
  const isReady = all.data !== undefined && (isNew || newest.data !== undefined)
  const asked = newest.isError ? newest : all
  return (
    <PageFrame title={t('zones.title')} wide>
      {!isReady && !asked.isError && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {isReady && me !== null && !mayI(me, 'zone.edit') && <RefusalNotice refused={{ code: 'not_allowed' }} />}
      {isReady && mayI(me, 'zone.edit') && (
        <ZoneEditor
          key={`${zoneId} ${round}`}
          start={{
            zoneId: isNew ? null : zoneId,
            feature: newest.data?.feature ?? null,
            version: newest.data?.version ?? 0,
            kind,
          }}
          others={others}
          onKind={(next) => setSearch({ kind: next }, { replace: true })}
          onSettled={() => void again()}
        />
      )}
    </PageFrame>
  )
}

const kindOf = (text: string | null): ZoneKind => zoneKinds.find((kind) => kind === text) ?? 'hotspot'
