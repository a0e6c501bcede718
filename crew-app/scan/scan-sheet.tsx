import './scan.css'
import { useEffect, useRef, useState } from 'react'
import type { CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TorchButton } from '../../ui-kit/scan/torch-button.tsx'
import { type CameraStatus, watchCamera } from '../../ui-kit/scan/watch-camera.ts'
import { bikeText } from '../bike/bike-name.tsx'
import { useNight } from '../night/use-night.ts'
import { isWorkedOff, meaningOfScan, openTakes, type ScanQuestion } from '../route/stop-at-hand.ts'
import { Sheet } from '../sheet.tsx'
import { deedSentence } from '../waiting/deed-sentence.ts'
import { NumberEntry } from './number-entry.tsx'

type Status = CameraStatus | 'starting' | 'not_ours'
type Asked = ScanQuestion & { readonly text: string }

/** The camera keeps seeing the sticker it has just read: so long it is not read again. */
const sameAgainMs = 4_000

/** Scans bike after bike: what is in the van is put down, others are loaded; what was not planned is asked once. */
export function ScanSheet({
  route,
  stop,
  onClose,
}: {
  readonly route: CrewRoute
  readonly stop: CrewStop | null
  readonly onClose: () => void
}) {
  const { t } = useText()
  const { act, undo, now } = useNight()
  const video = useRef<HTMLVideoElement>(null)
  const [status, setStatus] = useState<Status>('starting')
  const [torch, setTorch] = useState<{ readonly set: (on: boolean) => void } | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const lastRead = useRef({ text: '', atMs: 0 })
  const openedAt = useRef(now.lastDeed?.count ?? 0)
  const deed = now.lastDeed !== null && now.lastDeed.count > openedAt.current ? now.lastDeed : null

  const carry = (kind: 'load' | 'unload', text: string) => {
    setAsked(null)
    navigator.vibrate?.(kind === 'load' ? 60 : [60, 60, 60])
    void act({ act: kind, bike: text, stopId: stop?.stopId ?? null })
  }
  const take = (text: string) => {
    setSaid(null)
    const meaning = meaningOfScan(route, stop, text)
    switch (meaning.kind) {
      case 'load':
      case 'unload':
        return carry(meaning.kind, nameFor(meaning.bike, text))
      case 'van_full':
        navigator.vibrate?.(200)
        return setSaid(t('refusal.van_full'))
      case 'ask_load':
      case 'ask_unload':
        navigator.vibrate?.(200)
        return setAsked({ ...meaning, text: nameFor(meaning.bike, text) })
    }
  }
  const found = useRef(take)
  found.current = take
  const isAsking = useRef(false)
  isAsking.current = asked !== null

  useEffect(() => {
    const picture = video.current
    if (picture === null) return
    return watchCamera(picture, {
      onStatus: setStatus,
      onText: (text) => {
        if (isAsking.current) return
        const again = text === lastRead.current.text && Date.now() - lastRead.current.atMs < sameAgainMs
        lastRead.current = { text, atMs: Date.now() }
        if (again) return
        const read = readBikeCode(text, 'scanned')
        if (read.kind !== 'code') return setStatus('not_ours')
        setStatus('looking')
        found.current(read.code)
      },
      onTorch: (set) => setTorch({ set }),
    })
  }, [])

  const done = stop !== null && isWorkedOff(route, stop)
  const left = stop === null ? 0 : openTakes(stop).length
  const noCamera = status === 'refused' || status === 'none'
  return (
    <Sheet title={t('crew.scan.title')} onClose={onClose} full>
      <div className="finder" hidden={noCamera}>
        <video ref={video} playsInline muted aria-label={t('scan.picture')} />
        <span className="frame" aria-hidden="true" />
      </div>
      <p className={noCamera || status === 'not_ours' ? 'notice warn' : 'soft'} role="status">
        {t(`scan.${status}`)}
      </p>
      {asked !== null && <Question asked={asked} onYes={carry} onNo={() => setAsked(null)} />}
      {said !== null && (
        <p className="notice bad" role="alert">
          {said}
        </p>
      )}
      {asked === null && said === null && deed !== null && !deed.undone && (
        <div className="notice good row spread deed">
          <p role="status">{deedSentence(t, deed.act, route)}</p>
          {now.canUndo?.actId === deed.act.actId && (
            <button type="button" className="button" onClick={() => void undo()}>
              {t('crew.undo')}
            </button>
          )}
        </div>
      )}
      <NumberEntry onNumber={take} />
      <div className="row spread">
        {torch !== null && <TorchButton setTorch={torch.set} />}
        <p className="number">{t('crew.scan.van', { count: route.load.length, capacity: route.capacity })}</p>
      </div>
      <button type="button" className={done ? 'button main wide' : 'button wide'} onClick={onClose}>
        {done ? t('crew.scan.ready') : left > 0 ? t('crew.scan.back_left', { count: left }) : t('crew.scan.back')}
      </button>
    </Sheet>
  )
}

/** The number says more than the code, to the crew and in the list of what waits. */
const nameFor = (bike: { readonly number: string; readonly code: string } | null, text: string): string =>
  bike === null || bike.number === '' ? text : bike.number

function Question({
  asked,
  onYes,
  onNo,
}: {
  readonly asked: Asked
  readonly onYes: (kind: 'load' | 'unload', text: string) => void
  readonly onNo: () => void
}) {
  const { t } = useText()
  const bike =
    asked.bike === null
      ? bikeText({ number: /^[0-9]{4,8}$/.test(asked.text) ? asked.text : '', code: asked.text })
      : bikeText(asked.bike)
  const isLoad = asked.kind === 'ask_load'
  const question = !isLoad
    ? t('crew.scan.ask_unload', { bike })
    : asked.plannedAt === null
      ? t('crew.scan.ask_unlisted', { bike })
      : t('crew.scan.ask_elsewhere', { bike, name: asked.plannedAt.name })
  return (
    <div className="notice warn" role="alert">
      <p>{question}</p>
      <div className="row">
        <button type="button" className="button main" onClick={() => onYes(isLoad ? 'load' : 'unload', asked.text)}>
          {isLoad ? t('crew.scan.load_it') : t('crew.scan.put_it_down')}
        </button>
        <button type="button" className="button" onClick={onNo}>
          {t('crew.scan.leave_it')}
        </button>
      </div>
    </div>
  )
}
