import { type DragEvent, useId, useRef, useState } from 'react'
import type { ZoneFeature, ZoneImport, ZoneImportResult, ZoneProblem } from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { cityZone } from '../../ui-kit/city-zone.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { momentInZone } from './moment-in-zone.ts'
import { drawableFeatures } from './zone-shape.ts'

/** What the server takes at most; larger files are not even read. */
const largestBytes = 5 * 1024 * 1024
const importTimeoutMs = 60_000

interface ChosenFile {
  readonly name: string
  readonly collection: unknown
}

/** A file of zones: looked at first, with every problem and its place, and only then taken over. */
export function ZoneImporter({
  onOffered,
  onProblems,
  onLook,
  onDone,
}: {
  readonly onOffered: (features: readonly ZoneFeature[]) => void
  readonly onProblems: (problems: readonly ZoneProblem[]) => void
  readonly onLook: (at: { readonly lon: number; readonly lat: number }) => void
  readonly onDone: () => void
}) {
  const { t } = useText()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<ChosenFile | null>(null)
  const [mode, setMode] = useState<ZoneImport['mode']>('add')
  const [holdsFrom, setHoldsFrom] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [result, setResult] = useState<ZoneImportResult | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [wrong, setWrong] = useState<'places.too_large' | 'places.no_json' | null>(null)
  const [isOver, setOver] = useState(false)

  const send = async (chosen: ChosenFile, how: { mode: ZoneImport['mode']; holdsFrom: string; dryRun: boolean }) => {
    const from = momentInZone(how.holdsFrom, cityZone())
    const body: ZoneImport = {
      collection: chosen.collection,
      mode: how.mode,
      dryRun: how.dryRun,
      ...(from === null ? {} : { holdsFrom: from as NonNullable<ZoneImport['holdsFrom']> }),
    }
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<ZoneImportResult>('/v1/staff/zones/import', {
      method: 'POST',
      body,
      timeoutMs: importTimeoutMs,
    })
    setBusy(false)
    if (answer.kind === 'refused') {
      setRefused(answer)
      setResult(null)
      onProblems([])
      return
    }
    setResult(answer.value)
    onProblems(answer.value.problems)
    if (answer.value.done) {
      onOffered([])
      onDone()
    }
  }
  const look = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    setResult(null)
    setRefused(null)
    setFile(null)
    onProblems([])
    onOffered([])
    setWrong(chosen.size > largestBytes ? 'places.too_large' : null)
    if (chosen.size > largestBytes) return
    const collection = readJson(await chosen.text())
    if (collection === undefined) {
      setWrong('places.no_json')
      return
    }
    const next = { name: chosen.name, collection }
    setFile(next)
    onOffered(drawableFeatures(collection))
    await send(next, { mode, holdsFrom, dryRun: true })
  }
  const again = (change: { readonly mode?: ZoneImport['mode']; readonly holdsFrom?: string }) => {
    if (file !== null) void send(file, { mode, holdsFrom, ...change, dryRun: true })
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void look(event.dataTransfer.files[0])
  }
  const canImport = file !== null && result !== null && !result.done && result.problems.length === 0
  return (
    <section className="card stack importer" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('places.import')}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a short cut for the button in it */}
      <div
        className="drop stack"
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <p>{t('places.drop')}</p>
        <label className="button file" htmlFor={`${id}-file`}>
          {t('places.choose')}
        </label>
        <input
          ref={input}
          id={`${id}-file`}
          className="visually-hidden"
          type="file"
          accept=".geojson,.json,application/geo+json,application/json"
          onChange={(event) => {
            void look(event.target.files?.[0])
            // the same file may be chosen again once it was corrected
            event.target.value = ''
          }}
        />
        {file !== null && <p className="small soft">{file.name}</p>}
      </div>
      <fieldset className="modes">
        <legend>{t('places.mode')}</legend>
        {(['add', 'replace'] as const).map((one) => (
          <label key={one} className="zone-choice">
            <input
              type="radio"
              name={`${id}-mode`}
              checked={mode === one}
              onChange={() => {
                setMode(one)
                again({ mode: one })
              }}
            />
            <span>
              {t(`places.mode.${one}`)} <span className="small soft">{t(`places.mode.${one}_how`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-from`}>{t('places.from')}</label>
        <input
          id={`${id}-from`}
          type="datetime-local"
          value={holdsFrom}
          onChange={(event) => {
            setHoldsFrom(event.target.value)
            again({ holdsFrom: event.target.value })
          }}
        />
        <span className="hint">{t('places.from_how')}</span>
      </div>
      {wrong !== null && (
        <p className="notice bad" role="alert">
          {t(wrong)}
        </p>
      )}
      {refused !== null && (
        <RefusalNotice refused={refused}>
          {refused.detail !== undefined && <p className="small">{refused.detail}</p>}
        </RefusalNotice>
      )}
      {isBusy && <Waiting text={t('places.looking')} />}
      {!isBusy && result !== null && <ImportResult result={result} onLook={onLook} />}
      {canImport && (
        <button
          type="button"
          className="button main"
          disabled={isBusy}
          onClick={() => void send(file, { mode, holdsFrom, dryRun: false })}
        >
          {t('places.import_now')}
        </button>
      )}
    </section>
  )
}

function ImportResult({
  result,
  onLook,
}: {
  readonly result: ZoneImportResult
  readonly onLook: (at: { readonly lon: number; readonly lat: number }) => void
}) {
  const { t } = useText()
  const { done, added, changed, removed, unchanged, problems } = result
  return (
    <div className={problems.length > 0 ? 'notice bad' : done ? 'notice good' : 'notice'} role="status">
      <h3>
        {problems.length > 0
          ? t('places.problems', { count: problems.length })
          : done
            ? t('places.imported')
            : t('places.would')}
      </h3>
      <p className="number">{t('places.counts', { added, changed, removed, unchanged })}</p>
      {problems.length > 0 && (
        <ol className="problems">
          {problems.map(({ feature, code, sentence, lon, lat, ring, vertex }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one feature may have the same problem twice
            <li key={index}>
              <strong className="number">{index + 1}</strong>
              <span>
                {sentence}{' '}
                <span className="small soft number">
                  {t('places.where', { feature: feature + 1 })}
                  {ring !== null &&
                    vertex !== null &&
                    ` · ${t('places.vertex', { ring: ring + 1, vertex: vertex + 1 })}`}{' '}
                  · {code}
                </span>{' '}
                {lon !== null && lat !== null && (
                  <button type="button" className="link" onClick={() => onLook({ lon, lat })}>
                    {t('ops.show_on_map')}
                  </button>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined
    throw fault
  }
}
