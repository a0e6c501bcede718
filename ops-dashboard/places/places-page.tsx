import './places.css'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ZoneCollection, ZoneFeature, ZoneProblem } from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { ZoneImporter } from './zone-importer.tsx'
import { ZoneMap } from './zone-map.tsx'
import { centreOf } from './zone-shape.ts'
import { ZoneTable } from './zone-table.tsx'
import { ZoneVersionsDialog } from './zone-versions-dialog.tsx'

const path = '/v1/staff/zones'

/** What is allowed where and where bikes should stand: the zones that hold now, out to a file and in from one. */
export function PlacesPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const asked = useAsked<ZoneCollection>(path, onRefused)
  const [chosen, setChosen] = useState<string | null>(null)
  const [versionsOf, setVersionsOf] = useState<ZoneFeature | null>(null)
  const [offered, setOffered] = useState<readonly ZoneFeature[]>([])
  const [problems, setProblems] = useState<readonly ZoneProblem[]>([])
  const [lookAt, setLookAt] = useState<{ readonly lon: number; readonly lat: number } | null>(null)
  const zones = asked.data?.features
  const holding = useMemo(() => zones ?? [], [zones])
  return (
    <PageFrame title={t('places.title')}>
      <div className="row spread wrap">
        <h1>{t('places.title')}</h1>
        <a className="button" href={`${path}?download=1`} download="zones.geojson">
          {t('places.export')}
        </a>
      </div>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {zones !== undefined && (
        <>
          <div className="places">
            <ZoneMap
              zones={holding}
              offered={offered}
              problems={problems}
              chosen={chosen}
              lookAt={lookAt}
              onChoose={setChosen}
            />
            <ZoneImporter
              onOffered={setOffered}
              onProblems={setProblems}
              onLook={setLookAt}
              onDone={() => void queries.invalidateQueries({ queryKey: [path] })}
            />
          </div>
          <ZoneTable
            zones={holding}
            chosen={chosen}
            onChoose={(zone) => {
              setChosen(zone.properties.zoneId ?? null)
              setLookAt(centreOf(zone))
            }}
            onVersions={setVersionsOf}
          />
        </>
      )}
      {versionsOf !== null && <ZoneVersionsDialog zone={versionsOf} onClose={() => setVersionsOf(null)} />}
    </PageFrame>
  )
}
